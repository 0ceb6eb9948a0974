using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Core.Leases;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Core.Stats;
using HlsCache.Core.Tokens;
using HlsCache.Core.Work;
using HlsCache.Testing.Contracts;
using HlsCache.Testing.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Core.Tests.InMemory;

public sealed class InMemoryEntryStoreTests : EntryStoreContract
{
    protected override Task<IEntryStore> CreateAsync() => Task.FromResult<IEntryStore>(new InMemoryEntryStore());
}

public sealed class InMemorySessionStoreTests : SessionStoreContract
{
    protected override Task<ISessionStore> CreateAsync() => Task.FromResult<ISessionStore>(new InMemorySessionStore());
}

public sealed class InMemoryWorkStoreTests : WorkStoreContract
{
    protected override Task<IWorkStore> CreateAsync() => Task.FromResult<IWorkStore>(new InMemoryWorkStore());
}

public sealed class InMemoryStatsStoreTests : StatsStoreContract
{
    protected override Task<IStatsStore> CreateAsync() => Task.FromResult<IStatsStore>(new InMemoryStatsStore());
}

public sealed class InMemorySegmentStoreTests : SegmentStoreContract
{
    protected override Task<ISegmentStore> CreateAsync() => Task.FromResult<ISegmentStore>(new InMemorySegmentStore());
}

public sealed class InMemorySigningKeyStoreTests : SigningKeyStoreContract
{
    protected override Task<ISigningKeyStore> CreateAsync() => Task.FromResult<ISigningKeyStore>(new InMemorySigningKeyStore());
}

public sealed class InMemoryLeaseStoreContractTests : LeaseStoreContract
{
    protected override Task<(ILeaseStore Leases, ISegmentStore Segments)> CreateAsync()
    {
        var segments = new InMemorySegmentStore();
        return Task.FromResult<(ILeaseStore, ISegmentStore)>((new InMemoryLeaseStore(segments, new FakeTimeProvider()), segments));
    }
}

public sealed class InMemoryJobQueueContractTests : JobQueueContract
{
    private readonly FakeTimeProvider time = new();
    private readonly InMemoryJobQueue queue;

    public InMemoryJobQueueContractTests() => queue = new(time);

    protected override Task<IJobQueue> CreateAsync() => Task.FromResult<IJobQueue>(queue);

    protected override Task<int> CountAsync() => Task.FromResult(queue.Count);

    protected override Task<int> DeadLettersAsync() => Task.FromResult(queue.DeadLetters.Count);

    protected override Task SendTextAsync(string text)
    {
        queue.SendText(text, TimeSpan.FromHours(1));
        return Task.CompletedTask;
    }

    protected override void Advance(TimeSpan time) => this.time.Advance(time);
}

public sealed class InMemoryMaintenanceStoreTests : MaintenanceStoreContract
{
    protected override Task<IMaintenanceStore> CreateAsync() => Task.FromResult<IMaintenanceStore>(new InMemoryMaintenanceStore(new FakeTimeProvider()));
}

public sealed class InMemoryTableMarksTests : TableMarksContract
{
    protected override Task<ITableMarks> CreateAsync() => Task.FromResult<ITableMarks>(new InMemoryTableMarks());
}
