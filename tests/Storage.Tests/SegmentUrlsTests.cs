using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;

namespace HlsCache.Storage.Tests;

/// <summary>What a viewer can do with a signature, and what not: seen with a plain HTTP client, as a player would.</summary>
public sealed class SegmentUrlsTests(AzuriteFixture azurite) : IAsyncDisposable
{
    private const string Name = "video/seg-0.m4s";
    private static readonly byte[] Content = [.. Enumerable.Range(0, 100).Select(n => (byte)n)];

    private readonly StorageHost storage = new(azurite.Server.NewAccount());
    private readonly HttpClient player = new();

    [Fact]
    public async Task A_signed_url_reads_a_blob()
    {
        var (_, access) = await SignAsync();
        using var response = await player.GetAsync(access.Url(Name), Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsByteArrayAsync(Cancel)).ShouldBe(Content);
        response.Content.Headers.ContentType.ShouldNotBeNull().ToString().ShouldBe("video/iso.segment");
#pragma warning disable CA5351 // The service's own checksum.
        response.Content.Headers.ContentMD5.ShouldBe(MD5.HashData(Content));
#pragma warning restore CA5351
        var cache = response.Headers.CacheControl.ShouldNotBeNull();
        (cache.Public, cache.MaxAge).ShouldBe((true, TimeSpan.FromDays(365)));
        cache.Extensions.ShouldHaveSingleItem().Name.ShouldBe("immutable");
    }

    [Fact]
    public async Task A_signed_url_reads_a_part_of_a_blob()
    {
        var (_, access) = await SignAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, access.Url(Name)) { Headers = { Range = new(10, 19) } };
        using var response = await player.SendAsync(request, Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        response.Content.Headers.ContentRange.ShouldBe(new ContentRangeHeaderValue(10, 19, Content.Length));
        (await response.Content.ReadAsByteArrayAsync(Cancel)).ShouldBe(Content[10..20]);
    }

    [Fact]
    public async Task One_signature_reads_every_blob_of_the_generation_also_later_ones()
    {
        var (id, access) = await SignAsync();
        await storage.Get<ISegmentStore>().PutAsync(id, "audio/init.mp4", Content, Cancel);
        (await StatusAsync(HttpMethod.Get, access.Url("audio/init.mp4"))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(HttpMethod.Head, access.Url(Name))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(HttpMethod.Get, access.Url("video/seg-9.m4s"))).ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("https://a.site.example")]
    [InlineData("null")]
    public async Task A_page_of_any_origin_may_fetch_and_read_the_headers_it_needs(string origin)
    {
        var (_, access) = await SignAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, access.Url(Name)) { Headers = { { "Origin", origin } } };
        using var response = await player.SendAsync(request, Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldHaveSingleItem().ShouldBeOneOf("*", origin);
        response.Headers.GetValues("Access-Control-Expose-Headers").ShouldHaveSingleItem().ShouldContain("content-range");
    }

    [Theory]
    [InlineData("https://a.site.example")]
    [InlineData("null")]
    public async Task A_page_of_any_origin_may_ask_for_a_range(string origin)
    {
        var (_, access) = await SignAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, access.Url(Name))
        {
            Headers = { { "Origin", origin }, { "Access-Control-Request-Method", "GET" }, { "Access-Control-Request-Headers", "range" } },
        };
        using var response = await player.SendAsync(request, Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldHaveSingleItem().ShouldBeOneOf("*", origin);
        response.Headers.GetValues("Access-Control-Allow-Methods").ShouldHaveSingleItem().ShouldContain("GET");
        response.Headers.GetValues("Access-Control-Allow-Headers").ShouldHaveSingleItem().ShouldContain("range");
    }

    [Fact]
    public async Task A_page_may_not_ask_to_write()
    {
        var (_, access) = await SignAsync();
        using var request = new HttpRequestMessage(HttpMethod.Options, access.Url(Name))
        {
            Headers = { { "Origin", "https://a.site.example" }, { "Access-Control-Request-Method", "PUT" } },
        };
        using var response = await player.SendAsync(request, Cancel);
        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_signature_only_reads()
    {
        var (id, access) = await SignAsync();
        (await StatusAsync(HttpMethod.Put, access.Url(Name))).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Put, access.Url("video/seg-1.m4s"))).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Delete, access.Url(Name))).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Get, $"{access.Container}?restype=container&comp=list&{access.Sas}")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Delete, $"{access.Container}?restype=container&{access.Sas}")).ShouldBe(HttpStatusCode.Forbidden);
        (await storage.Get<ISegmentStore>().ListAsync(id, Cancel).ToListAsync(Cancel)).ShouldHaveSingleItem().Size.ShouldBe(Content.Length);
    }

    [Fact]
    public async Task A_signature_for_another_generation_reads_nothing()
    {
        var (_, access) = await SignAsync();
        var (_, other) = await SignAsync();
        (await StatusAsync(HttpMethod.Get, $"{access.Container}/{Name}?{other.Sas}")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Get, $"{access.Container}/{Name}")).ShouldNotBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_signature_that_was_altered_reads_nothing()
    {
        var (_, access) = await SignAsync();
        var query = access.Sas.Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        string With(string name, string value) =>
            $"{access.Container}/{Name}?{string.Join('&', query.Select(p => $"{p.Key}={(p.Key == name ? value : p.Value)}"))}";

        (await StatusAsync(HttpMethod.Get, With("sp", "r"))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(HttpMethod.Get, With("sp", "rwdl"))).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Get, With("se", "2099-01-01T00%3A00%3A00Z"))).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Get, With("sig", Uri.EscapeDataString(Convert.ToBase64String(new byte[32]))))).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_signature_ends_at_its_time()
    {
        var (_, access) = await SignAsync(TimeProvider.System.GetUtcNow().AddMinutes(-1));
        (await StatusAsync(HttpMethod.Get, access.Url(Name))).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Signed_access_does_not_print_its_signature()
    {
        var (_, access) = await SignAsync();
        $"{access}".ShouldBe(access.Container);
        access.Container.ShouldNotEndWith("/");
        access.Sas.ShouldNotStartWith("?");
    }

    public ValueTask DisposeAsync()
    {
        player.Dispose();
        return storage.DisposeAsync();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<(GenerationId Id, SegmentAccess Access)> SignAsync(DateTimeOffset? expires = null)
    {
        var (store, id) = (await storage.SetUpAsync<ISegmentStore>(), Samples.NewId());
        await store.CreateAsync(id, Cancel);
        await store.PutAsync(id, Name, Content, Cancel);
        return (id, await storage.Get<ISegmentUrls>().SignAsync(id, expires ?? TimeProvider.System.GetUtcNow().AddHours(1), Cancel));
    }

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string url)
    {
        using var request = new HttpRequestMessage(method, url);
        if (method == HttpMethod.Put)
        {
            request.Headers.Add("x-ms-blob-type", "BlockBlob");
            request.Content = new ByteArrayContent([1]);
        }

        using var response = await player.SendAsync(request, Cancel);
        return response.StatusCode;
    }
}
