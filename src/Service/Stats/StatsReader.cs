using HlsCache.Core.Stats;

namespace HlsCache.Service.Stats;

/// <summary>Adds up what all instances counted: their rows as they were a few seconds ago, and this process's own counts as they are.</summary>
public sealed class StatsReader
{
    /// <summary>How long after its end a day may still change: by what an instance tells late, or by being closed late.</summary>
    public const int UnsettledDays = 7;

    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private readonly IStatsStore store;
    private readonly PlayCounter counter;
    private readonly TimeProvider time;
    private readonly Remembered<StatsHistory> history;
    private StatsHistory settled = new([], []);
    private DateOnly settledUntil = DateOnly.MinValue;

    public StatsReader(IStatsStore store, PlayCounter counter, TimeProvider time)
    {
        (this.store, this.counter, this.time) = (store, counter, time);
        history = new(ReadAsync, Memory, time);
    }

    public async Task<StatsHistory> GetAsync(CancellationToken cancellationToken)
    {
        var known = await history.GetAsync(cancellationToken);
        return known with { Instances = [.. known.Instances.Where(row => !counter.IsOwn(row)), .. counter.Days()] };
    }

    private async Task<StatsHistory> ReadAsync()
    {
        var fresh = await store.ReadAsync(settledUntil, CancellationToken.None);
        var all = new StatsHistory([.. settled.Instances, .. fresh.Instances], [.. settled.Totals, .. fresh.Totals]);
        // Rows of all processes of all times are read once, not every few seconds.
        settledUntil = time.Today().AddDays(-UnsettledDays);
        settled = new([.. all.Instances.Where(row => row.Day < settledUntil)], [.. all.Totals.Where(total => total.Day < settledUntil)]);
        return all;
    }
}
