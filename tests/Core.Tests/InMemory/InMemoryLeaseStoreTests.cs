using HlsCache.Core.Entries;
using HlsCache.Core.Leases;
using HlsCache.Core.Segments;
using HlsCache.Testing;
using HlsCache.Testing.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Core.Tests.InMemory;

public sealed class InMemoryLeaseStoreTests
{
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider time = new(Samples.Now);
    private readonly InMemorySegmentStore segments = new();
    private readonly InMemoryLeaseStore leases;
    private readonly GenerationId id = Samples.NewId();

    public InMemoryLeaseStoreTests() => leases = new(segments, time);

    [Fact]
    public async Task A_living_holder_keeps_the_lock_for_ever()
    {
        await using var lease = await HoldAsync();
        time.Advance(TimeSpan.FromDays(1));
        (await lease.ConfirmAsync(Cancel)).ShouldBeTrue();
        lease.Lost.IsCancellationRequested.ShouldBeFalse();
        (await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_holder_that_cannot_renew_loses_the_lock_after_a_minute_and_not_before()
    {
        await using var lease = await HoldAsync();
        leases.FailRenewals(id, BlobNames.Writer);

        time.Advance(InMemoryLeaseStore.Duration - Instant);
        lease.Lost.IsCancellationRequested.ShouldBeFalse();
        (await lease.ConfirmAsync(Cancel)).ShouldBeTrue();
        (await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel)).ShouldBeNull();

        time.Advance(Instant);
        lease.Lost.IsCancellationRequested.ShouldBeTrue();
        (await lease.ConfirmAsync(Cancel)).ShouldBeFalse();
        await using var next = await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel);
        next.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_late_holder_does_not_release_its_successors_lock()
    {
        var late = await HoldAsync();
        leases.FailRenewals(id, BlobNames.Writer);
        time.Advance(InMemoryLeaseStore.Duration);
        await using var next = (await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel)).ShouldNotBeNull();
        await late.DisposeAsync();
        (await next.ConfirmAsync(Cancel)).ShouldBeTrue();
        leases.IsHeld(id, BlobNames.Writer).ShouldBeTrue();
    }

    [Fact]
    public async Task A_broken_lock_is_free_at_once_and_its_holder_learns_so_at_the_next_renewal()
    {
        await using var lease = await HoldAsync();
        leases.Break(id, BlobNames.Writer);
        await using var next = await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel);
        next.ShouldNotBeNull();
        lease.Lost.IsCancellationRequested.ShouldBeFalse();
        time.Advance(InMemoryLeaseStore.RenewalPeriod);
        lease.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Confirming_a_broken_lock_tells_its_holder_at_once()
    {
        await using var lease = await HoldAsync();
        leases.Break(id, BlobNames.Writer);
        (await lease.ConfirmAsync(Cancel)).ShouldBeFalse();
        lease.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<ILease> HoldAsync()
    {
        await segments.CreateAsync(id, Cancel);
        return (await leases.TryAcquireAsync(id, BlobNames.Writer, Cancel)).ShouldNotBeNull();
    }
}
