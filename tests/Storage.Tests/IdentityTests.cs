using System.Net;
using Azure.Core;
using Azure.Storage.Blobs;
using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Core.Leases;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Tests;

/// <summary>A deployment without keys: every request carries a token, and links are signed with a key that the service gives to the identity.</summary>
public sealed class IdentityTests : IAsyncDisposable
{
    private const string Name = "video/seg-0.m4s";
    private static readonly byte[] Content = [1, 2, 3];

    private readonly HttpClient player;
    private readonly StorageHost storage;
    private readonly List<HttpRequestMessage> sent = [];

    public IdentityTests(IdentityFixture azurite)
    {
        player = azurite.NewClient();
        var transport = azurite.NewTransport(request =>
        {
            lock (sent)
            {
                sent.Add(request);
            }

            return Task.FromResult<HttpResponseMessage?>(null);
        });
        storage = new(null, s => s.AddSingleton<TokenCredential>(new TestIdentity()).AddSingleton(transport), azurite.NewAccount());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        player.Dispose();
        return storage.DisposeAsync();
    }

    [Fact]
    public async Task Every_service_is_reached_with_a_token_and_without_a_key()
    {
        await storage.Get<StorageSetup>().RunAsync(Token);
        (await storage.Get<StorageSetup>().CheckAsync(Token).ToListAsync(Token)).ShouldBeEmpty();
        var entry = (await storage.Get<IEntryStore>().TryStartAsync(Samples.Entry(Samples.Request()), null, Token)).ShouldNotBeNull();
        (await storage.Get<IEntryStore>().FindAsync(entry.Id, Token)).ShouldNotBeNull();
        await storage.Get<ISegmentStore>().CreateAsync(entry.Id, Token);
        await using (var lease = await storage.Get<ILeaseStore>().TryAcquireAsync(entry.Id, BlobNames.Writer, Token))
        {
            lease.ShouldNotBeNull();
        }

        await using var task = await storage.Get<IMaintenanceStore>().TryBeginAsync("sweep", TimeSpan.Zero, Token);
        task.ShouldNotBeNull();
        await storage.Get<IJobQueue>().SendAsync(EncodeJob.For(entry), TimeSpan.FromMinutes(1), Token);
        await using var job = await storage.Get<IJobQueue>().ReceiveAsync(Token);
        job.Job.ShouldNotBeNull().Id().ShouldBe(entry.Id);
        sent.ShouldAllBe(r => r.Headers.Authorization != null && r.Headers.Authorization.Scheme == "Bearer");
        sent.Select(r => r.RequestUri!.Port).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task A_signed_url_plays()
    {
        var (_, access) = await SignAsync();
        access.Container.ShouldStartWith("https://");
        access.Sas.ShouldContain("spr=https");
        access.Sas.ShouldContain("sp=r&");
        (await player.GetByteArrayAsync(access.Url(Name), Token)).ShouldBe(Content);
    }

    [Fact]
    public async Task A_signed_url_neither_lists_nor_writes()
    {
        var (id, access) = await SignAsync();
        (await StatusAsync(HttpMethod.Get, $"{access.Container}?restype=container&comp=list&{access.Sas}")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Put, access.Url("video/seg-1.m4s"))).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(HttpMethod.Delete, access.Url(Name))).ShouldBe(HttpStatusCode.Forbidden);
        (await storage.Get<ISegmentStore>().ListAsync(id, Token).ToListAsync(Token)).ShouldHaveSingleItem().Size.ShouldBe(Content.Length);
    }

    [Theory]
    [InlineData("sig")]
    [InlineData("se")]
    [InlineData("sp")]
    [InlineData("skoid")]
    [InlineData("ske")]
    public async Task An_altered_url_reads_nothing(string part)
    {
        var (_, access) = await SignAsync();
        var altered = access.Sas.Split('&').Select(p => p.Split('=', 2)).Select(p => $"{p[0]}={(p[0] != part ? p[1] : part switch
        {
            "sig" => Uri.EscapeDataString(Convert.ToBase64String(new byte[32])),
            "se" or "ske" => "2099-01-01T00%3A00%3A00Z",
            "sp" => "rwdl",
            _ => Guid.NewGuid().ToString(),
        })}").ToList();
        (await StatusAsync(HttpMethod.Get, $"{access.Container}/{Name}?{string.Join('&', altered)}")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task An_expired_url_reads_nothing()
    {
        var (_, access) = await SignAsync(TimeProvider.System.GetUtcNow().AddMinutes(-1));
        (await StatusAsync(HttpMethod.Get, access.Url(Name))).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_url_for_another_generation_reads_nothing()
    {
        var (_, access) = await SignAsync();
        var (_, other) = await SignAsync();
        (await StatusAsync(HttpMethod.Get, $"{access.Container}/{Name}?{other.Sas}")).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Blobs_are_copied_inside_the_storage()
    {
        var (from, _) = await SignAsync();
        var to = Samples.NewId();
        await storage.Get<ISegmentStore>().CreateAsync(to, Token);
        (await storage.Get<ISegmentStore>().CopyAsync(from, to, Name, Token)).ShouldBe(PutResult.Stored);
        (await storage.Get<ISegmentStore>().ReadAsync(to, Name, Token)).ShouldBe(Content);
    }

    [Fact]
    public async Task The_service_is_asked_for_a_key_once_however_many_urls_are_signed()
    {
        var (id, _) = await SignAsync();
        var urls = storage.Get<ISegmentUrls>();
        var end = TimeProvider.System.GetUtcNow() + SessionLifetime.Longest;
        await Parallel.ForEachAsync(Enumerable.Range(0, 50), Token, async (_, token) => await urls.SignAsync(id, end, token));
        sent.Count(r => r.RequestUri!.Query.Contains("userdelegationkey", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Containers_have_the_same_owner_however_the_account_is_configured()
    {
        var account = storage.Get<BlobServiceClient>().AccountName;
        OwnerId.Of(account, "hls").ShouldBe(OwnerId.Of(storage.Get<IOptions<StorageOptions>>().Value.AccountName!, "hls"));
        var id = Samples.NewId();
        await storage.Get<ISegmentStore>().CreateAsync(id, Token);
        var container = storage.Get<BlobServiceClient>().GetBlobContainerClient(id.ContainerName("hls"));
        (await container.GetPropertiesAsync(cancellationToken: Token)).Value.Metadata["owner"].ShouldBe(OwnerId.Of(account, "hls"));
    }

    private async Task<(GenerationId Id, SegmentAccess Access)> SignAsync(DateTimeOffset? expires = null)
    {
        var (store, id) = (storage.Get<ISegmentStore>(), Samples.NewId());
        await store.CreateAsync(id, Token);
        await store.PutAsync(id, Name, Content, Token);
        return (id, await storage.Get<ISegmentUrls>().SignAsync(id, expires ?? TimeProvider.System.GetUtcNow().AddHours(1), Token));
    }

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string url)
    {
        using var request = new HttpRequestMessage(method, url);
        if (method == HttpMethod.Put)
        {
            request.Headers.Add("x-ms-blob-type", "BlockBlob");
            request.Content = new ByteArrayContent([1]);
        }

        using var response = await player.SendAsync(request, Token);
        return response.StatusCode;
    }
}
