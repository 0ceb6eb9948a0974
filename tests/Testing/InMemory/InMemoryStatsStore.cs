using System.Collections.Concurrent;
using HlsCache.Core.Stats;

namespace HlsCache.Testing.InMemory;

public sealed class InMemoryStatsStore : IStatsStore
{
    private readonly ConcurrentDictionary<(DateOnly Day, string Instance), InstanceDay> rows = new();
    private readonly ConcurrentDictionary<DateOnly, DayTotal> totals = new();

    public IReadOnlyList<InstanceDay> Rows => [.. rows.Values.OrderBy(r => r.Day).ThenBy(r => r.Instance, StringComparer.Ordinal)];

    public IReadOnlyList<DayTotal> Totals => [.. totals.Values.OrderBy(t => t.Day)];

    public Task PutAsync(InstanceDay counted, CancellationToken cancellationToken)
    {
        rows[(counted.Day, counted.Instance)] = counted;
        return Task.CompletedTask;
    }

    public Task<StatsHistory> ReadAsync(DateOnly from, CancellationToken cancellationToken) =>
        Task.FromResult(new StatsHistory([.. Rows.Where(r => r.Day >= from)], [.. Totals.Where(t => t.Day >= from)]));

    public Task<bool> TryCloseAsync(DayTotal total, CancellationToken cancellationToken) => Task.FromResult(totals.TryAdd(total.Day, total));
}
