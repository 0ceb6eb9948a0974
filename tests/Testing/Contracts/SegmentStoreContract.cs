using System.Text;
using HlsCache.Core.Entries;
using HlsCache.Core.Segments;

namespace HlsCache.Testing.Contracts;

public abstract class SegmentStoreContract
{
    private static readonly byte[] Content = Encoding.UTF8.GetBytes("hello");

    protected abstract Task<ISegmentStore> CreateAsync();

    [Fact]
    public async Task What_was_put_is_read_back()
    {
        var (store, id) = await ContainerAsync();
        (await store.PutAsync(id, "video/seg-0.m4s", Content, Cancel)).ShouldBe(PutResult.Stored);
        (await store.ReadAsync(id, "video/seg-0.m4s", Cancel)).ShouldBe(Content);
        (await store.SizeAsync(id, "video/seg-0.m4s", Cancel)).ShouldBe(5);
    }

    [Fact]
    public async Task A_blob_once_there_never_changes()
    {
        var (store, id) = await ContainerAsync();
        await store.PutAsync(id, "video/seg-0.m4s", Content, Cancel);
        (await store.PutAsync(id, "video/seg-0.m4s", new byte[] { 1 }, Cancel)).ShouldBe(PutResult.AlreadyThere);
        (await store.ReadAsync(id, "video/seg-0.m4s", Cancel)).ShouldBe(Content);
    }

    [Fact]
    public async Task Only_one_of_many_writers_stores_a_blob()
    {
        var (store, id) = await ContainerAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 16)
            .Select(n => Task.Run(() => store.PutAsync(id, "video/init.mp4", new[] { (byte)n }, Cancel), Cancel)));
        var winner = results.Index().Where(r => r.Item == PutResult.Stored).ShouldHaveSingleItem().Index;
        results.Count(r => r == PutResult.AlreadyThere).ShouldBe(15);
        (await store.ReadAsync(id, "video/init.mp4", Cancel)).ShouldBe([(byte)winner]);
    }

    [Fact]
    public async Task The_callers_buffer_may_be_used_again()
    {
        var (store, id) = await ContainerAsync();
        var buffer = Content.ToArray();
        await store.PutAsync(id, "video/seg-0.m4s", buffer, Cancel);
        buffer.AsSpan().Clear();
        (await store.ReadAsync(id, "video/seg-0.m4s", Cancel)).ShouldBe(Content);
    }

    [Fact]
    public async Task An_empty_blob_is_a_blob()
    {
        var (store, id) = await ContainerAsync();
        (await store.PutAsync(id, BlobNames.Writer, ReadOnlyMemory<byte>.Empty, Cancel)).ShouldBe(PutResult.Stored);
        (await store.ReadAsync(id, BlobNames.Writer, Cancel)).ShouldBe([]);
        (await store.SizeAsync(id, BlobNames.Writer, Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task Nothing_is_put_where_there_is_no_container()
    {
        var (store, id) = (await CreateAsync(), Samples.NewId());
        (await store.PutAsync(id, "video/seg-0.m4s", Content, Cancel)).ShouldBe(PutResult.Gone);
        (await store.ReadAsync(id, "video/seg-0.m4s", Cancel)).ShouldBeNull();
        (await store.SizeAsync(id, "video/seg-0.m4s", Cancel)).ShouldBeNull();
        (await ListAsync(store, id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_blob_that_does_not_exist_has_neither_bytes_nor_size()
    {
        var (store, id) = await ContainerAsync();
        (await store.ReadAsync(id, "video/seg-0.m4s", Cancel)).ShouldBeNull();
        (await store.SizeAsync(id, "video/seg-0.m4s", Cancel)).ShouldBeNull();
        (await ListAsync(store, id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Making_a_container_again_keeps_what_is_in_it()
    {
        var (store, id) = await ContainerAsync();
        await store.PutAsync(id, "video/seg-0.m4s", Content, Cancel);
        await store.CreateAsync(id, Cancel);
        (await store.ReadAsync(id, "video/seg-0.m4s", Cancel)).ShouldBe(Content);
    }

    [Fact]
    public async Task A_listing_shows_every_blob_with_size_and_checksum()
    {
        var (store, id) = await ContainerAsync();
        foreach (var name in new[] { "video/seg-10.m4s", "video/seg-2.m4s", "subs/0/seg-0.vtt", BlobNames.Plan, BlobNames.Complete })
        {
            await store.PutAsync(id, name, Content, Cancel);
        }

        const string md5 = "XUFAKrxLKna5cZ2REBfFkg==";
        (await ListAsync(store, id)).OrderBy(b => b.Name, StringComparer.Ordinal).ShouldBe(
        [
            new(BlobNames.Complete, 5, md5),
            new(BlobNames.Plan, 5, md5),
            new("subs/0/seg-0.vtt", 5, md5),
            new("video/seg-10.m4s", 5, md5),
            new("video/seg-2.m4s", 5, md5),
        ]);
    }

    [Fact]
    public async Task Generations_are_kept_apart()
    {
        var (store, id) = await ContainerAsync();
        var other = id with { Generation = Core.Keys.Generation.After(id.Generation, Samples.Now) };
        await store.CreateAsync(other, Cancel);
        await store.PutAsync(id, "video/seg-0.m4s", Content, Cancel);
        (await ListAsync(store, other)).ShouldBeEmpty();
        (await store.PutAsync(other, "video/seg-0.m4s", Content, Cancel)).ShouldBe(PutResult.Stored);
    }

    [Fact]
    public async Task A_copy_is_the_same_blob_in_another_generation()
    {
        var (store, id) = await ContainerAsync();
        var successor = id with { Generation = Core.Keys.Generation.After(id.Generation, Samples.Now) };
        await store.CreateAsync(successor, Cancel);
        await store.PutAsync(id, "video/seg-0.m4s", Content, Cancel);
        (await store.CopyAsync(id, successor, "video/seg-0.m4s", Cancel)).ShouldBe(PutResult.Stored);
        (await ListAsync(store, successor)).ShouldBe(await ListAsync(store, id));
        (await store.ReadAsync(successor, "video/seg-0.m4s", Cancel)).ShouldBe(Content);
    }

    [Fact]
    public async Task A_copy_replaces_nothing_and_invents_nothing()
    {
        var (store, id) = await ContainerAsync();
        var successor = id with { Generation = Core.Keys.Generation.After(id.Generation, Samples.Now) };
        (await store.CopyAsync(id, successor, "a", Cancel)).ShouldBe(PutResult.Gone);
        await store.PutAsync(id, "a", Content, Cancel);
        (await store.CopyAsync(id, successor, "a", Cancel)).ShouldBe(PutResult.Gone);
        await store.CreateAsync(successor, Cancel);
        await store.PutAsync(successor, "a", new byte[] { 1 }, Cancel);
        (await store.CopyAsync(id, successor, "a", Cancel)).ShouldBe(PutResult.AlreadyThere);
        (await store.ReadAsync(successor, "a", Cancel)).ShouldBe([1]);
        (await store.CopyAsync(id, successor, "b", Cancel)).ShouldBe(PutResult.Gone);
    }

    [Fact]
    public async Task Every_generation_with_a_container_is_listed_in_order()
    {
        var store = await CreateAsync();
        var ids = Enumerable.Range(0, 10).Select(_ => Samples.NewId()).ToList();
        await Task.WhenAll(ids.Select(id => store.CreateAsync(id, Cancel)));
        await store.DeleteAsync(ids[0], Cancel);
        var listed = await store.GenerationsAsync(Cancel).ToListAsync(Cancel);
        listed.Where(ids.Contains).Count().ShouldBe(9);
        listed.Select(id => id.ToString()).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task<List<StoredBlob>> ListAsync(ISegmentStore store, GenerationId id) =>
        await store.ListAsync(id, Cancel).ToListAsync(Cancel);

    private async Task<(ISegmentStore Store, GenerationId Id)> ContainerAsync()
    {
        var (store, id) = (await CreateAsync(), Samples.NewId());
        await store.CreateAsync(id, Cancel);
        return (store, id);
    }
}
