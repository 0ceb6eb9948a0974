using System.Threading.Channels;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using HlsCache.Core.Entries;
using HlsCache.Core.Leases;
using HlsCache.Core.Segments;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Storage.Tests;

/// <summary>Locks on real leases, with renewals on a clock of the test's own.</summary>
public sealed class LeaseStoreTests : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider time = new();
    private readonly Channel<string> requests = Channel.CreateUnbounded<string>();
    private readonly StorageHost storage;

    public LeaseStoreTests(AzuriteFixture azurite)
    {
        var account = azurite.Server.NewAccount();
        var options = new BlobClientOptions();
        options.AddPolicy(new RequestPolicy(message => Note(message.Request)), Azure.Core.HttpPipelinePosition.PerRetry);
        storage = new(account, services => services.AddSingleton<TimeProvider>(time).AddSingleton(new BlobServiceClient(account, options)));
    }

    [Fact]
    public async Task A_lock_is_a_lease_of_sixty_seconds_that_excludes_every_other_client()
    {
        var (lease, blob) = await AcquireAsync();
        await using var _ = lease;
        (await requests.Reader.ReadAsync(Cancel)).ShouldBe("acquire 60");
        var refusal = await Should.ThrowAsync<RequestFailedException>(() => blob.GetBlobLeaseClient().AcquireAsync(TimeSpan.FromSeconds(60), cancellationToken: Cancel));
        refusal.ErrorCode.ShouldBe(BlobErrorCode.LeaseAlreadyPresent.ToString());
        BlobProperties properties = await blob.GetPropertiesAsync(cancellationToken: Cancel);
        (properties.LeaseState, properties.LeaseDuration).ShouldBe((LeaseState.Leased, LeaseDurationType.Fixed));
    }

    [Fact]
    public async Task A_lock_is_renewed_every_twenty_seconds_for_as_long_as_it_is_held()
    {
        var (lease, _) = await AcquireAsync();
        await requests.Reader.ReadAsync(Cancel);
        for (var i = 0; i < 6; i++)
        {
            time.Advance(Period);
            (await requests.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Patience, Cancel)).ShouldBe("renew");
            // Counts from now, whether or not that answer has been taken in yet.
            (await lease.ConfirmAsync(Cancel)).ShouldBeTrue();
            (await requests.Reader.ReadAsync(Cancel)).ShouldBe("renew");
        }

        lease.Lost.IsCancellationRequested.ShouldBeFalse();
        await lease.DisposeAsync();
        (await requests.Reader.ReadAsync(Cancel)).ShouldBe("release");
        time.Advance(Period);
        requests.Reader.TryRead(out string? _).ShouldBeFalse();
    }

    [Fact]
    public async Task A_lock_that_was_broken_is_not_confirmed()
    {
        var (lease, blob) = await AcquireAsync();
        await using var _ = lease;
        await blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancel);
        lease.Lost.IsCancellationRequested.ShouldBeFalse();
        (await lease.ConfirmAsync(Cancel)).ShouldBeFalse();
        lease.Lost.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task A_lock_that_was_broken_is_noticed_at_the_next_renewal()
    {
        var (lease, blob) = await AcquireAsync();
        await using var _ = lease;
        await blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancel);
        time.Advance(Period);
        await FiresAsync(lease.Lost);
    }

    [Fact]
    public async Task A_lock_that_another_took_over_stays_the_others()
    {
        var (lease, blob) = await AcquireAsync();
        await blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Cancel);
        await using var other = await storage.Get<ILeaseStore>().TryAcquireAsync(Id(blob), BlobNames.Writer, Cancel);
        other.ShouldNotBeNull();
        (await lease.ConfirmAsync(Cancel)).ShouldBeFalse();
        await lease.DisposeAsync();
        (await other.ConfirmAsync(Cancel)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_lock_goes_with_its_container()
    {
        var (lease, blob) = await AcquireAsync();
        await storage.Get<ISegmentStore>().DeleteAsync(Id(blob), Cancel);
        time.Advance(Period);
        await FiresAsync(lease.Lost);
        (await lease.ConfirmAsync(Cancel)).ShouldBeFalse();
        await Should.NotThrowAsync(() => lease.DisposeAsync().AsTask());
        (await storage.Get<ILeaseStore>().TryAcquireAsync(Id(blob), BlobNames.Writer, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_lock_of_a_holder_that_fell_silent_is_given_up_in_time()
    {
        var (lease, _) = await AcquireAsync();
        await using var held = lease;
        time.Advance(TimeSpan.FromSeconds(55));
        lease.Lost.IsCancellationRequested.ShouldBeTrue();
        (await lease.ConfirmAsync(Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_lock_blob_that_exists_is_locked_as_it_is()
    {
        var (segments, id) = (storage.Get<ISegmentStore>(), Samples.NewId());
        await segments.CreateAsync(id, Cancel);
        await segments.PutAsync(id, BlobNames.Writer, new byte[] { 7 }, Cancel);
        await using var lease = await storage.Get<ILeaseStore>().TryAcquireAsync(id, BlobNames.Writer, Cancel);
        lease.ShouldNotBeNull();
        (await segments.ReadAsync(id, BlobNames.Writer, Cancel)).ShouldBe([7]);
    }

    public ValueTask DisposeAsync() => storage.DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static GenerationId Id(BlobClient blob) =>
        blob.BlobContainerName.Split('-') is [_, var key, var generation]
            ? new(Core.Keys.EntryKey.Parse(key)!.Value, Core.Keys.Generation.Parse(generation)!.Value)
            : throw new ArgumentException(blob.BlobContainerName, nameof(blob));

    private async Task<(ILease Lease, BlobClient Blob)> AcquireAsync()
    {
        var id = Samples.NewId();
        await storage.Get<ISegmentStore>().CreateAsync(id, Cancel);
        // Its blob exists, so that taking the lock is one request.
        await storage.Get<ISegmentStore>().PutAsync(id, BlobNames.Writer, ReadOnlyMemory<byte>.Empty, Cancel);
        var lease = (await storage.Get<ILeaseStore>().TryAcquireAsync(id, BlobNames.Writer, Cancel)).ShouldNotBeNull();
        return (lease, storage.Get<BlobServiceClient>().GetBlobContainerClient($"hls-{id}").GetBlobClient(BlobNames.Writer));
    }

    private void Note(Azure.Core.Request request)
    {
        if (request.Headers.TryGetValue("x-ms-lease-action", out var action) && action is "acquire" or "renew" or "release")
        {
            requests.Writer.TryWrite(request.Headers.TryGetValue("x-ms-lease-duration", out var duration) ? $"{action} {duration}" : action);
        }
    }

    private static async Task FiresAsync(CancellationToken token)
    {
        var fired = new TaskCompletionSource();
        await using var _ = token.Register(fired.SetResult);
        await fired.Task.WaitAsync(Patience, Cancel);
    }
}
