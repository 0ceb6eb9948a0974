using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Core.Keys;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Core.Stats;
using HlsCache.Core.Work;

namespace HlsCache.Functions.Tests.Stage;

internal sealed class ObservedEntries(IEntryStore inner, StorageProbe probe) : IEntryStore
{
    public Task<EntrySnapshot> ReadAsync(EntryKey key, CancellationToken cancellationToken) =>
        probe.SeeAsync("entries.read", () => inner.ReadAsync(key, cancellationToken));

    public Task<Entry?> FindAsync(GenerationId id, CancellationToken cancellationToken) =>
        probe.SeeAsync("entries.find", () => inner.FindAsync(id, cancellationToken));

    public Task<Entry?> TryStartAsync(Entry entry, EntryPointer? replaced, CancellationToken cancellationToken) =>
        probe.SeeAsync("entries.start", () => inner.TryStartAsync(entry, replaced, cancellationToken));

    public Task<Entry?> TryUpdateAsync(Entry entry, CancellationToken cancellationToken) =>
        probe.SeeAsync("entries.update", () => inner.TryUpdateAsync(entry, cancellationToken));

    public Task<bool> TryDeleteAsync(Entry entry, CancellationToken cancellationToken) =>
        probe.SeeAsync("entries.delete", () => inner.TryDeleteAsync(entry, cancellationToken));

    public Task<bool> TryPointAsync(EntryPointer pointer, CancellationToken cancellationToken) =>
        probe.SeeAsync("entries.point", () => inner.TryPointAsync(pointer, cancellationToken));

    public Task<bool> TryDeleteAsync(EntryPointer pointer, CancellationToken cancellationToken) =>
        probe.SeeAsync("entries.delete-pointer", () => inner.TryDeleteAsync(pointer, cancellationToken));

    public Task DeleteBrokenAsync(EntryKey key, CancellationToken cancellationToken) => inner.DeleteBrokenAsync(key, cancellationToken);

    public Task<KeyRows?> ReadAllAsync(EntryKey key, CancellationToken cancellationToken) =>
        probe.SeeAsync("entries.read-all", () => inner.ReadAllAsync(key, cancellationToken));

    public IAsyncEnumerable<KeyRows> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public IAsyncEnumerable<KeyRows> ListAfterAsync(EntryKey key, CancellationToken cancellationToken) => inner.ListAfterAsync(key, cancellationToken);
}

internal sealed class ObservedSessions(ISessionStore inner, StorageProbe probe) : ISessionStore
{
    public Task PutAsync(PlaySession session, CancellationToken cancellationToken) =>
        probe.SeeAsync("sessions.put", () => inner.PutAsync(session, cancellationToken));

    public Task<bool> TryReplaceAsync(PlaySession session, CancellationToken cancellationToken) =>
        probe.SeeAsync("sessions.replace", () => inner.TryReplaceAsync(session, cancellationToken));

    public Task<PlaySession?> FindAsync(EntryKey key, string id, CancellationToken cancellationToken) =>
        probe.SeeAsync("sessions.find", () => inner.FindAsync(key, id, cancellationToken));

    public Task<IReadOnlyList<PlaySession>> ListAsync(EntryKey key, CancellationToken cancellationToken) =>
        probe.SeeAsync("sessions.list", () => inner.ListAsync(key, cancellationToken));

    public IAsyncEnumerable<PlaySession> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    public IAsyncEnumerable<PlaySession> ListAfterAsync(EntryKey key, CancellationToken cancellationToken) => inner.ListAfterAsync(key, cancellationToken);

    public Task DeleteEndedAsync(EntryKey key, DateTimeOffset instant, CancellationToken cancellationToken) =>
        probe.SeeAsync("sessions.delete-ended", () => inner.DeleteEndedAsync(key, instant, cancellationToken));

    public Task DeleteAsync(EntryKey key, string id, CancellationToken cancellationToken) =>
        probe.SeeAsync("sessions.delete", () => inner.DeleteAsync(key, id, cancellationToken));
}

internal sealed class ObservedWork(IWorkStore inner, StorageProbe probe) : IWorkStore
{
    public Task PutAsync(WorkReport report, CancellationToken cancellationToken) =>
        probe.SeeAsync("work.put", () => inner.PutAsync(report, cancellationToken));

    public Task<IReadOnlyList<WorkReport>> ReadAsync(GenerationId id, CancellationToken cancellationToken) =>
        probe.SeeAsync("work.read", () => inner.ReadAsync(id, cancellationToken));

    public Task DeleteAsync(GenerationId id, string worker, CancellationToken cancellationToken) =>
        probe.SeeAsync("work.delete", () => inner.DeleteAsync(id, worker, cancellationToken));

    public Task DeleteAsync(GenerationId id, CancellationToken cancellationToken) =>
        probe.SeeAsync("work.delete-all", () => inner.DeleteAsync(id, cancellationToken));
}

internal sealed class ObservedSegments(ISegmentStore inner, StorageProbe probe) : ISegmentStore
{
    public Task CreateAsync(GenerationId id, CancellationToken cancellationToken) =>
        probe.SeeAsync("segments.create", () => inner.CreateAsync(id, cancellationToken));

    public Task<PutResult> PutAsync(GenerationId id, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        probe.SeeAsync($"segments.put {name}", () => inner.PutAsync(id, name, content, cancellationToken));

    public Task<byte[]?> ReadAsync(GenerationId id, string name, CancellationToken cancellationToken) =>
        probe.SeeAsync($"segments.read {name}", () => inner.ReadAsync(id, name, cancellationToken));

    public Task<long?> SizeAsync(GenerationId id, string name, CancellationToken cancellationToken) =>
        probe.SeeAsync($"segments.size {name}", () => inner.SizeAsync(id, name, cancellationToken));

    public IAsyncEnumerable<StoredBlob> ListAsync(GenerationId id, CancellationToken cancellationToken) => inner.ListAsync(id, cancellationToken);

    public Task<PutResult> CopyAsync(GenerationId from, GenerationId to, string name, CancellationToken cancellationToken) =>
        probe.SeeAsync($"segments.copy {name}", () => inner.CopyAsync(from, to, name, cancellationToken));

    public IAsyncEnumerable<GenerationId> GenerationsAsync(CancellationToken cancellationToken) => inner.GenerationsAsync(cancellationToken);

    public Task DeleteAsync(GenerationId id, CancellationToken cancellationToken) =>
        probe.SeeAsync("segments.delete", () => inner.DeleteAsync(id, cancellationToken));
}

internal sealed class ObservedQueue(IJobQueue inner, StorageProbe probe) : IJobQueue
{
    public Task SendAsync(EncodeJob job, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        probe.SeeAsync("queue.send", () => inner.SendAsync(job, timeToLive, cancellationToken));

    public Task<IReceivedJob> ReceiveAsync(CancellationToken cancellationToken) => inner.ReceiveAsync(cancellationToken);

    public Task<int> DepthAsync(int enough, CancellationToken cancellationToken) =>
        probe.SeeAsync("queue.depth", () => inner.DepthAsync(enough, cancellationToken));
}

internal sealed class ObservedStats(IStatsStore inner, StorageProbe probe) : IStatsStore
{
    public Task PutAsync(InstanceDay counted, CancellationToken cancellationToken) =>
        probe.SeeAsync("stats.put", () => inner.PutAsync(counted, cancellationToken));

    public Task<StatsHistory> ReadAsync(DateOnly from, CancellationToken cancellationToken) =>
        probe.SeeAsync($"stats.read {from:O}", () => inner.ReadAsync(from, cancellationToken));

    public Task<bool> TryCloseAsync(DayTotal total, CancellationToken cancellationToken) =>
        probe.SeeAsync("stats.close", () => inner.TryCloseAsync(total, cancellationToken));
}
