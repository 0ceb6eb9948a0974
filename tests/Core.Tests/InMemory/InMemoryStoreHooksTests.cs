using HlsCache.Core.Segments;
using HlsCache.Testing;
using HlsCache.Testing.InMemory;

namespace HlsCache.Core.Tests.InMemory;

public sealed class InMemoryStoreHooksTests
{
    [Fact]
    public async Task A_writer_finds_the_container_of_a_reclaimed_generation_gone()
    {
        var (segments, id) = (new InMemorySegmentStore(), Samples.NewId());
        await segments.CreateAsync(id, Cancel);
        segments.Remove(id);
        (await segments.PutAsync(id, "video/seg-0.m4s", new byte[1], Cancel)).ShouldBe(PutResult.Gone);
        segments.Containers.ShouldBeEmpty();
    }

    [Fact]
    public async Task Damage_is_seen_in_bytes_and_listing()
    {
        var (segments, id) = (new InMemorySegmentStore(), Samples.NewId());
        await segments.CreateAsync(id, Cancel);
        await segments.PutAsync(id, "a", new byte[3], Cancel);
        var before = (await segments.ListAsync(id, Cancel).ToListAsync(Cancel)).ShouldHaveSingleItem();
        segments.Damage(id, "a", [1, 0, 0]);
        var after = (await segments.ListAsync(id, Cancel).ToListAsync(Cancel)).ShouldHaveSingleItem();
        (after.Size, after.Md5 == before.Md5).ShouldBe((3, false));
        segments.Damage(id, "a", null);
        (await segments.SizeAsync(id, "a", Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_removed_row_leaves_its_pointer()
    {
        var store = new InMemoryEntryStore();
        var entry = Samples.Entry(Samples.NewRequest());
        await store.TryStartAsync(entry, null, Cancel);
        store.Rows.ShouldHaveSingleItem().Id.ShouldBe(entry.Id);
        store.Remove(entry.Id);
        var snapshot = await store.ReadAsync(entry.Id.Key, Cancel);
        snapshot.Pointer.ShouldNotBeNull().Generation.ShouldBe(entry.Id.Generation);
        snapshot.Current.ShouldBeNull();
    }

    [Fact]
    public async Task A_rotated_key_comes_first()
    {
        var store = new InMemorySigningKeyStore();
        await store.ReadOrCreateAsync(new(1, new byte[32]), Cancel);
        store.Rotate(new(2, new byte[32]));
        (await store.ReadOrCreateAsync(new(3, new byte[32]), Cancel)).Select(k => k.Id).ShouldBe([(byte)2, (byte)1]);
    }

    [Fact]
    public async Task Unsigned_urls_tell_container_and_expiry()
    {
        var id = Samples.NewId();
        var access = await new UnsignedSegmentUrls().SignAsync(id, DateTimeOffset.FromUnixTimeSeconds(1_800_000_000), Cancel);
        access.Url("video/init.mp4").ShouldBe($"https://blobs.test/hls-{id.Key}-{id.Generation}/video/init.mp4?sig=test&se=1800000000");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
