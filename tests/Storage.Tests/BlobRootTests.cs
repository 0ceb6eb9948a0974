using System.Net;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using HlsCache.Core.Keys;
using HlsCache.Core.Sources;
using HlsCache.Testing.Azurite;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Storage.Tests;

/// <summary>A container as a place of films.</summary>
public sealed class BlobRootTests : IAsyncDisposable
{
    private readonly StorageHost storage;
    private readonly BlobContainerClient films;
    private readonly IdentityFixture identities;

    public BlobRootTests(AzuriteFixture azurite, IdentityFixture identities)
    {
        this.identities = identities;
        var account = azurite.Server.NewAccount();
        storage = new(account, settings: ("Sources:media:Container", "films"));
        films = new(account, "films");
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SourceCatalog Catalog => storage.Get<SourceCatalog>();

    public ValueTask DisposeAsync() => storage.DisposeAsync();

    [Theory]
    [InlineData("film.mkv")]
    [InlineData("a/b/c d.mp4")]
    [InlineData("Ünïcödé/#50%+?&.mkv")]
    [InlineData("no extension")]
    public async Task A_blob_is_a_film_whatever_its_name(string name)
    {
        await PutAsync(name, "12345");
        var film = (await FindAsync(name)).ShouldNotBeNull();
        (film.Path.Value, film.Bytes, film.Input).ShouldBe(($"/media/{name}", 5, null));
        (await ReadAsync(film, 1, 3)).ShouldBe("234");
    }

    [Fact]
    public async Task What_is_not_there_is_no_film()
    {
        (await FindAsync("film.mkv")).ShouldBeNull();
        (await Catalog.ListAsync("/", null, Token).ToListAsync(Token)).ShouldBeEmpty();
        (await Catalog.CheckAsync(Token)).ShouldHaveSingleItem().ShouldBe("The films of media cannot be read: there is no container films.");
        await PutAsync("folder/film.mkv");
        (await FindAsync("film.mkv")).ShouldBeNull();
        (await FindAsync("folder")).ShouldBeNull();
        (await FindAsync(new string('x', 1000))).ShouldBeNull();
        (await Catalog.CheckAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_is_no_film_even_if_it_is_called_like_one()
    {
        await PutAsync("folder.mkv", "", new() { Metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["hdi_isfolder"] = "true" } });
        (await FindAsync("folder.mkv")).ShouldBeNull();
        (await Catalog.ListAsync("/", null, Token).ToListAsync(Token)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_film_keeps_its_stamp_until_it_changes()
    {
        await PutAsync("film.mkv");
        var film = (await FindAsync("film.mkv")).ShouldNotBeNull();
        (await FindAsync("film.mkv")).ShouldNotBeNull().Stamp.ShouldBe(film.Stamp);
        (await Catalog.ListAsync("/", null, Token).SingleAsync(Token)).Stamp.ShouldBe(film.Stamp);
        film.Stamp.ShouldNotContain('"');
        await PutAsync("film.mkv");
        film.Stamp.ShouldMatch("^[0-9A-Za-z]+$");
    }

    [Fact]
    public async Task A_film_that_changed_or_went_is_not_read_on()
    {
        await PutAsync("film.mkv", "12345");
        var film = (await FindAsync("film.mkv")).ShouldNotBeNull();
        await PutAsync("film.mkv", "54321");
        (await ReadAsync(film, 0, 5)).ShouldBeNull();
        var second = (await FindAsync("film.mkv")).ShouldNotBeNull();
        (await ReadAsync(second, 0, 5)).ShouldBe("54321");
        await films.DeleteBlobAsync("film.mkv", cancellationToken: Token);
        (await ReadAsync(second, 0, 5)).ShouldBeNull();
    }

    [Fact]
    public async Task A_listing_is_ordered_shows_media_only_and_goes_on_behind_a_bookmark()
    {
        foreach (var name in new[] { "b.mkv", "a/film.mp4", "a-1.mp4", "a/notes.txt", "a.mp4", "\uFF21.mkv", "\U0001F600.mkv", "double//slash.mkv" })
        {
            await PutAsync(name);
        }

        string[] all = ["/media/a-1.mp4", "/media/a.mp4", "/media/a/film.mp4", "/media/b.mkv", "/media/\U0001F600.mkv", "/media/\uFF21.mkv"];
        (await ListAsync("/")).ShouldBe(all);
        (await ListAsync("/media/")).ShouldBe(all);
        (await ListAsync("/media/a")).ShouldBe(all[..3]);
        (await ListAsync("/media/a/")).ShouldBe(all[2..3]);
        (await ListAsync("/me")).ShouldBe(all);
        (await ListAsync("/other/")).ShouldBeEmpty();
        for (var i = 0; i < all.Length; i++)
        {
            (await ListAsync("/", all[i])).ShouldBe(all[(i + 1)..]);
        }

        (await ListAsync("/media/a", "/media/a.mp4")).ShouldBe(all[2..3]);
    }

    [Fact]
    public async Task Another_account_is_read_with_its_own_key()
    {
        var other = identities.Server.NewName();
        await using var host = new StorageHost(
            null,
            s => s.AddSingleton<TokenCredential>(new TestIdentity()).AddSingleton(identities.NewTransport()),
            [.. identities.NewAccount(), ("Sources:media:Container", "films"), ("Sources:media:AccountName", other), ("Sources:media:BlobEndpoint", identities.Server.Endpoint("Blob", other))]);
        (await host.Get<SourceCatalog>().CheckAsync(Token)).ShouldHaveSingleItem();
        var there = new BlobServiceClient(new(identities.Server.Endpoint("Blob", other)), new TestIdentity(), new() { Transport = identities.NewTransport() }).GetBlobContainerClient("films");
        await there.CreateAsync(cancellationToken: Token);
        await there.UploadBlobAsync("film.mkv", BinaryData.FromString("12345"), Token);
        (await host.Get<SourceCatalog>().CheckAsync(Token)).ShouldBeEmpty();
        (await ReadAsync((await host.Get<SourceCatalog>().FindAsync(At("film.mkv"), Token)).ShouldNotBeNull(), 0, 5)).ShouldBe("12345");

        await PutAsync("film.mkv", "other");
        await using var byKey = new StorageHost(
            "UseDevelopmentStorage=true",
            settings: [("Sources:media:Container", "films"), ("Sources:media:ConnectionString", storage.Get<Microsoft.Extensions.Options.IOptions<StorageOptions>>().Value.ConnectionString)]);
        (await ReadAsync((await byKey.Get<SourceCatalog>().FindAsync(At("film.mkv"), Token)).ShouldNotBeNull(), 0, 5)).ShouldBe("other");
    }

    [Fact]
    public async Task A_container_that_may_not_be_read_is_named_with_the_role_and_nothing_is_taken_for_missing()
    {
        var allowed = true;
        await using var host = new StorageHost(
            null,
            s => s.AddSingleton<TokenCredential>(new TestIdentity()).AddSingleton(identities.NewTransport(_ => Task.FromResult(
                allowed ? null : new HttpResponseMessage(HttpStatusCode.Forbidden) { Headers = { { "x-ms-error-code", "AuthorizationPermissionMismatch" } } }))),
            [.. identities.NewAccount(), ("Sources:media:Container", "films")]);
        var container = host.Get<BlobServiceClient>().GetBlobContainerClient("films");
        await container.CreateAsync(cancellationToken: Token);
        await container.UploadBlobAsync("film.mkv", BinaryData.FromString("12345"), Token);
        var film = (await host.Get<SourceCatalog>().FindAsync(At("film.mkv"), Token)).ShouldNotBeNull();

        allowed = false;
        const string sentence = "The films of media cannot be read: it refuses this app (AuthorizationPermissionMismatch): its identity lacks the role Storage Blob Data Reader on the container.";
        (await host.Get<SourceCatalog>().CheckAsync(Token)).ShouldHaveSingleItem().ShouldBe(sentence);
        var fault = await Should.ThrowAsync<SourceUnavailableException>(host.Get<SourceCatalog>().FindAsync(At("film.mkv"), Token));
        StorageFaults.Explain(fault).ShouldBe(sentence);
        StorageFaults.IsUnavailable(fault).ShouldBeTrue();
        await Should.ThrowAsync<SourceUnavailableException>(host.Get<SourceCatalog>().ListAsync("/", null, Token).ToListAsync(Token).AsTask());
        await Should.ThrowAsync<SourceUnavailableException>(ReadAsync(film, 0, 5));
    }

    [Fact]
    public async Task A_download_that_breaks_off_goes_on_where_it_was()
    {
        var broken = 0;
        await using var host = new StorageHost(
            null,
            s => s.AddSingleton<TokenCredential>(new TestIdentity()).AddSingleton(identities.NewTransport(request => Task.FromResult(
                request.Headers.Contains("x-ms-range") && Interlocked.Increment(ref broken) == 1 ? BreaksOff(request) : null))),
            [.. identities.NewAccount(), ("Sources:media:Container", "films")]);
        var container = host.Get<BlobServiceClient>().GetBlobContainerClient("films");
        await container.CreateAsync(cancellationToken: Token);
        await container.UploadBlobAsync("film.mkv", BinaryData.FromString("xx345"), Token);
        var film = (await host.Get<SourceCatalog>().FindAsync(At("film.mkv"), Token)).ShouldNotBeNull();
        (await ReadAsync(film, 0, 5)).ShouldBe("12345");
        broken.ShouldBe(2);

        HttpResponseMessage BreaksOff(HttpRequestMessage request)
        {
            var answer = new HttpResponseMessage(HttpStatusCode.PartialContent) { Content = new StreamContent(new BrokenStream("12"u8.ToArray())) };
            answer.Content.Headers.ContentLength = 5;
            answer.Content.Headers.ContentRange = new(0, 4, 5);
            answer.Headers.TryAddWithoutValidation("ETag", request.Headers.GetValues("If-Match").Single());
            return answer;
        }
    }

    private static SourcePath At(string name) => SourcePath.Parse($"/media/{name}", out _).ShouldNotBeNull();

    private static async Task<string?> ReadAsync(SourceFile film, long offset, int count)
    {
        var buffer = new byte[count];
        return await film.Remote.ShouldNotBeNull().ReadAsync(offset, buffer, Token) ? System.Text.Encoding.UTF8.GetString(buffer) : null;
    }

    private Task<SourceFile?> FindAsync(string name) => Catalog.FindAsync(At(name), Token);

    private async Task<List<string>> ListAsync(string prefix, string? after = null) =>
        await Catalog.ListAsync(prefix, after, Token).Select(f => f.Path.Value).ToListAsync(Token);

    private async Task PutAsync(string name, string content = "film", BlobUploadOptions? options = null)
    {
        await films.CreateIfNotExistsAsync(cancellationToken: Token);
        await films.GetBlobClient(name).UploadAsync(BinaryData.FromString(content), options ?? new(), Token);
    }

    /// <summary>Gives what it has and then breaks.</summary>
    private sealed class BrokenStream(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position == Length ? throw new IOException("The connection was reset.") : base.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
