using System.Security.Cryptography;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;

namespace HlsCache.Storage.Tests;

/// <summary>What the blob service is relied on for.</summary>
public sealed class SegmentStoreTests(AzuriteFixture azurite) : IAsyncDisposable
{
    private const string Name = "video/seg-0.m4s";
    private static readonly byte[] Content = [1, 2, 3, 4];

    private readonly StorageHost storage = new(azurite.Server.NewAccount());

    [Fact]
    public async Task A_generation_is_one_container_named_after_it_and_marked_as_ours()
    {
        var (_, id) = await ContainerAsync();
        BlobContainerProperties properties = await Container(id).GetPropertiesAsync(cancellationToken: Cancel);
        Container(id).Name.ShouldBe($"hls-{id.Key}-{id.Generation}");
        properties.Metadata.ShouldHaveSingleItem().Key.ShouldBe("owner");
        properties.Metadata["owner"].ShouldMatch("^[0-9a-f]{16}$");
        properties.PublicAccess.ShouldBe(PublicAccessType.None);
    }

    [Fact]
    public async Task The_mark_differs_between_deployments_that_share_an_account()
    {
        var account = azurite.Server.NewAccount();
        await using var one = new StorageHost(account);
        await using var other = new StorageHost(account, settings: ("HlsCache:ContainerPrefix", "other"));
        var id = Samples.NewId();
        await one.Get<ISegmentStore>().CreateAsync(id, Cancel);
        await other.Get<ISegmentStore>().CreateAsync(id, Cancel);
        var containers = await one.Get<BlobServiceClient>().GetBlobContainersAsync(BlobContainerTraits.Metadata, cancellationToken: Cancel).ToListAsync(Cancel);
        containers.Select(c => c.Name).Order(StringComparer.Ordinal).ShouldBe([$"hls-{id}", $"other-{id}"]);
        containers.Select(c => c.Properties.Metadata["owner"]).Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
    }

    [Fact]
    public async Task What_is_not_marked_as_ours_is_neither_listed_nor_deleted_whatever_its_name()
    {
        var store = await storage.SetUpAsync<ISegmentStore>();
        var (ours, foreign, unmarked) = (Samples.NewId(), Samples.NewId(), Samples.NewId());
        await store.CreateAsync(ours, Cancel);
        await Container(foreign).CreateAsync(metadata: new Dictionary<string, string>(StringComparer.Ordinal) { ["owner"] = "0123456789abcdef" }, cancellationToken: Cancel);
        await Container(unmarked).CreateAsync(cancellationToken: Cancel);
        await storage.Get<BlobServiceClient>().CreateBlobContainerAsync("hls-films", cancellationToken: Cancel);

        (await store.GenerationsAsync(Cancel).ToListAsync(Cancel)).ShouldBe([ours]);
        await store.DeleteAsync(foreign, Cancel);
        await store.DeleteAsync(unmarked, Cancel);
        (await Container(foreign).ExistsAsync(Cancel)).Value.ShouldBeTrue();
        (await Container(unmarked).ExistsAsync(Cancel)).Value.ShouldBeTrue();
        await store.DeleteAsync(ours, Cancel);
        (await Container(ours).ExistsAsync(Cancel)).Value.ShouldBeFalse();
    }

    [Fact]
    public async Task A_blob_that_exists_keeps_its_etag_when_it_is_put_again()
    {
        var (store, id) = await ContainerAsync();
        await store.PutAsync(id, Name, Content, Cancel);
        var before = await PropertiesAsync(id);
        (await store.PutAsync(id, Name, Content, Cancel)).ShouldBe(PutResult.AlreadyThere);
        (await PropertiesAsync(id)).ETag.ShouldBe(before.ETag);
    }

    [Fact]
    public async Task A_blob_that_another_has_leased_is_not_overwritten_either()
    {
        var (store, id) = await ContainerAsync();
        await store.PutAsync(id, Name, Content, Cancel);
        await Container(id).GetBlobClient(Name).GetBlobLeaseClient().AcquireAsync(TimeSpan.FromSeconds(60), cancellationToken: Cancel);
        (await store.PutAsync(id, Name, new byte[] { 9 }, Cancel)).ShouldBe(PutResult.AlreadyThere);
        (await store.ReadAsync(id, Name, Cancel)).ShouldBe(Content);
    }

    [Theory]
    [InlineData("video/init.mp4", "video/mp4")]
    [InlineData("video/seg-0.m4s", "video/iso.segment")]
    [InlineData("subs/0/seg-0.vtt", "text/vtt; charset=utf-8")]
    [InlineData(".complete", "application/json")]
    public async Task A_blob_carries_what_a_player_and_a_cache_need_to_know(string name, string type)
    {
        var (store, id) = await ContainerAsync();
        await store.PutAsync(id, name, Content, Cancel);
        var properties = await PropertiesAsync(id, name);
        properties.ContentType.ShouldBe(type);
        properties.CacheControl.ShouldBe("public, max-age=31536000, immutable");
        properties.ContentHash.ShouldBe(Md5(Content));
    }

    [Fact]
    public async Task A_large_segment_is_one_upload_with_its_checksum()
    {
        var (store, id) = await ContainerAsync();
        var large = RandomNumberGenerator.GetBytes(8 << 20);
        (await store.PutAsync(id, Name, large, Cancel)).ShouldBe(PutResult.Stored);
        BlockList blocks = await Container(id).GetBlockBlobClient(Name).GetBlockListAsync(cancellationToken: Cancel);
        blocks.CommittedBlocks.ShouldBeEmpty();
        (await store.ListAsync(id, Cancel).ToListAsync(Cancel)).ShouldHaveSingleItem()
            .ShouldBe(new(Name, large.Length, Convert.ToBase64String(Md5(large))));
        (await store.ReadAsync(id, Name, Cancel)).AsSpan().SequenceEqual(large).ShouldBeTrue();
    }

    [Fact]
    public async Task A_blob_without_a_checksum_is_listed_without_one()
    {
        var (store, id) = await ContainerAsync();
        await Container(id).GetBlobClient(Name).UploadAsync(BinaryData.FromBytes(Content), Cancel);
        await Container(id).GetBlobClient(Name).SetHttpHeadersAsync(new(), cancellationToken: Cancel);
        (await store.ListAsync(id, Cancel).ToListAsync(Cancel)).ShouldHaveSingleItem().ShouldBe(new(Name, Content.Length, null));
    }

    [Fact]
    public async Task A_reclaimed_generation_holds_nothing_and_takes_nothing()
    {
        var (store, id) = await ContainerAsync();
        await store.PutAsync(id, Name, Content, Cancel);
        await store.DeleteAsync(id, Cancel);
        (await store.PutAsync(id, Name, Content, Cancel)).ShouldBe(PutResult.Gone);
        (await store.PutAsync(id, "video/seg-1.m4s", Content, Cancel)).ShouldBe(PutResult.Gone);
        (await store.ReadAsync(id, Name, Cancel)).ShouldBeNull();
        (await store.SizeAsync(id, Name, Cancel)).ShouldBeNull();
        (await store.ListAsync(id, Cancel).ToListAsync(Cancel)).ShouldBeEmpty();
        await store.DeleteAsync(id, Cancel);
    }

    [Fact]
    public async Task Leases_do_not_keep_a_generation_from_being_reclaimed()
    {
        var (store, id) = await ContainerAsync();
        await using var writer = (await storage.Get<Core.Leases.ILeaseStore>().TryAcquireAsync(id, BlobNames.Writer, Cancel)).ShouldNotBeNull();
        await store.DeleteAsync(id, Cancel);
        (await store.PutAsync(id, Name, Content, Cancel)).ShouldBe(PutResult.Gone);
        (await writer.ConfirmAsync(Cancel)).ShouldBeFalse();
    }

    public ValueTask DisposeAsync() => storage.DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

#pragma warning disable CA5351 // The service's own checksum.
    private static byte[] Md5(byte[] bytes) => MD5.HashData(bytes);
#pragma warning restore CA5351

    private BlobContainerClient Container(GenerationId id) => storage.Get<BlobServiceClient>().GetBlobContainerClient($"hls-{id}");

    private async Task<BlobProperties> PropertiesAsync(GenerationId id, string name = Name) =>
        await Container(id).GetBlobClient(name).GetPropertiesAsync(cancellationToken: Cancel);

    private async Task<(ISegmentStore Store, GenerationId Id)> ContainerAsync()
    {
        var (store, id) = (storage.Get<ISegmentStore>(), Samples.NewId());
        await store.CreateAsync(id, Cancel);
        return (store, id);
    }
}
