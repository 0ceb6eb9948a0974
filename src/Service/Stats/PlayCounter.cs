using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using HlsCache.Core;
using HlsCache.Core.Stats;
using HlsCache.Service.Plays;

namespace HlsCache.Service.Stats;

/// <summary>
/// Counts the plays of this process, each on the day it happened. The counts are the process's own rows in the store, written as absolute values by
/// nobody else, so that they are exact over all instances and restarts; what a crash loses was counted after the last flush.
/// </summary>
public sealed class PlayCounter : IDisposable
{
    private const int IdBytes = 8;

    private readonly IStatsStore store;
    private readonly TimeProvider time;
    private readonly Counter<long> plays;
    private readonly string instance = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));
    private readonly Lock gate = new();
    private readonly SemaphoreSlim turn = new(1);
    private readonly Dictionary<DateOnly, PlayCounts> counted = [];
    private readonly Dictionary<DateOnly, PlayCounts> written = [];

    public PlayCounter(IStatsStore store, IMeterFactory meters, TimeProvider time)
    {
        (this.store, this.time) = (store, time);
        plays = meters.Create(Telemetry.Name).CreateCounter<long>("hls_cache.plays", "{play}", "Plays that were served from the cache or wait for an encode.");
    }

    /// <summary>Counts a play that can begin; one that is refused counts for nothing.</summary>
    public void Count(PlayOutcome outcome)
    {
        if (outcome is PlayOutcome.Hit)
        {
            plays.Add(1, new KeyValuePair<string, object?>("result", "hit"));
            Add(new(1, 0));
        }
        else if (outcome is PlayOutcome.Miss miss)
        {
            plays.Add(1, new("result", "miss"), new("reason", miss.Reason.Kebab()));
            Add(new(0, 1));
        }
    }

    /// <summary>What this process counted on each day, written or not.</summary>
    public IReadOnlyList<InstanceDay> Days()
    {
        lock (gate)
        {
            return [.. counted.Select(day => new InstanceDay(day.Key, instance, day.Value))];
        }
    }

    /// <summary>Whether the row is this process's, and so no newer than what <see cref="Days"/> says.</summary>
    public bool IsOwn(InstanceDay row) => row.Instance == instance;

    /// <summary>Writes what has changed. Not to be cancelled halfway: a write that was given up could arrive after a later one.</summary>
    public async Task FlushAsync()
    {
        await turn.WaitAsync();
        try
        {
            foreach (var row in Days().Where(day => written.GetValueOrDefault(day.Day) != day.Counts))
            {
                await store.PutAsync(row, CancellationToken.None);
                written[row.Day] = row.Counts;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private void Add(PlayCounts play)
    {
        var day = time.Today();
        lock (gate)
        {
            counted[day] = counted.GetValueOrDefault(day) + play;
        }
    }
}
