using HlsCache.Core.Entries;
using HlsCache.Core.Leases;
using HlsCache.Core.Segments;

namespace HlsCache.Testing.Contracts;

public abstract class LeaseStoreContract
{
    /// <summary>The leases, and the store that makes the containers they live in.</summary>
    protected abstract Task<(ILeaseStore Leases, ISegmentStore Segments)> CreateAsync();

    [Fact]
    public async Task A_lock_is_held_by_one_at_a_time()
    {
        var (leases, id) = await ContainerAsync();
        await using var first = await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel);
        first.ShouldNotBeNull();
        (await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel)).ShouldBeNull();
        (await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Only_one_of_many_callers_gets_the_lock()
    {
        var (leases, id) = await ContainerAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 16)
            .Select(_ => Task.Run(() => leases.TryAcquireAsync(id, BlobNames.Writer, Cancel), Cancel)));
        await using var winner = results.OfType<ILease>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Disposing_releases_the_lock_at_once()
    {
        var (leases, id) = await ContainerAsync();
        var first = (await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel)).ShouldNotBeNull();
        await first.DisposeAsync();
        await using var second = await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel);
        second.ShouldNotBeNull();
    }

    [Fact]
    public async Task Disposing_twice_does_not_release_the_next_holders_lock()
    {
        var (leases, id) = await ContainerAsync();
        var first = (await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel)).ShouldNotBeNull();
        await first.DisposeAsync();
        await using var second = (await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel)).ShouldNotBeNull();
        await first.DisposeAsync();
        (await second.ConfirmAsync(Cancel)).ShouldBeTrue();
        (await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_held_lock_is_confirmed_and_not_lost()
    {
        var (leases, id) = await ContainerAsync();
        await using var lease = (await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel)).ShouldNotBeNull();
        (await lease.ConfirmAsync(Cancel)).ShouldBeTrue();
        (await lease.ConfirmAsync(Cancel)).ShouldBeTrue();
        lease.Lost.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task Names_and_generations_are_locked_apart()
    {
        var (leases, segments) = await CreateAsync();
        var (id, other) = (Samples.NewId(), Samples.NewId());
        await segments.CreateAsync(id, Cancel);
        await segments.CreateAsync(other, Cancel);
        await using var writer = await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel);
        await using var cell = await leases.TryAcquireAsync(id, ".locks/video-0", Cancel);
        await using var elsewhere = await leases.TryAcquireAsync(other, BlobNames.Writer, Cancel);
        writer.ShouldNotBeNull();
        cell.ShouldNotBeNull();
        elsewhere.ShouldNotBeNull();
    }

    [Fact]
    public async Task There_is_no_lock_where_there_is_no_container()
    {
        var (leases, _) = await CreateAsync();
        (await leases.TryAcquireAsync(Samples.NewId(), BlobNames.Writer, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_lock_is_no_media()
    {
        var (leases, segments) = await CreateAsync();
        var id = Samples.NewId();
        await segments.CreateAsync(id, Cancel);
        await using var lease = await leases.TryAcquireAsync(id, ".locks/video-0", Cancel);
        (await segments.ListAsync(id, Cancel).ToListAsync(Cancel)).ShouldNotContain(b => BlobNames.IsMedia(b.Name) || b.Size > 0);
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<(ILeaseStore Leases, GenerationId Id)> ContainerAsync()
    {
        var (leases, segments) = await CreateAsync();
        var id = Samples.NewId();
        await segments.CreateAsync(id, Cancel);
        return (leases, id);
    }
}
