using System.Collections.Concurrent;
using HlsCache.Core.Entries;
using HlsCache.Core.Work;

namespace HlsCache.Testing.InMemory;

public sealed class InMemoryWorkStore : IWorkStore
{
    private readonly ConcurrentDictionary<(GenerationId Id, string Worker), WorkReport> rows = new();

    public Task PutAsync(WorkReport report, CancellationToken cancellationToken)
    {
        rows[(report.Id, report.Worker)] = report;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<WorkReport>> ReadAsync(GenerationId id, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<WorkReport>>([.. rows.Values.Where(r => r.Id == id).OrderBy(r => r.Worker, StringComparer.Ordinal)]);

    public Task DeleteAsync(GenerationId id, string worker, CancellationToken cancellationToken)
    {
        rows.TryRemove((id, worker), out _);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(GenerationId id, CancellationToken cancellationToken)
    {
        foreach (var row in rows.Keys.Where(k => k.Id == id))
        {
            rows.TryRemove(row, out _);
        }

        return Task.CompletedTask;
    }
}
