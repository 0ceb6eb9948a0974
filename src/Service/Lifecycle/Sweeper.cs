using HlsCache.Core.Entries;
using HlsCache.Core.Leases;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Stats;
using HlsCache.Service.Upkeep;
using Microsoft.Extensions.Options;

namespace HlsCache.Service.Lifecycle;

/// <summary>Brings the cache back to its budget, least recently used first, whatever is being watched excepted.</summary>
public sealed partial class Sweeper(
    Inventory inventory,
    ICacheCensus census,
    Evictor evictor,
    TableLoss loss,
    IMaintenanceStore maintenance,
    IOptions<HlsCacheOptions> options,
    TimeProvider time,
    ILogger<Sweeper> logger) : IScheduledTask
{
    // A timer's tick must end in minutes; the next one goes on where this one stopped, since what was evicted is gone.
    private const int MostPerRun = 1000;

    // Storage that refuses to delete would see the whole cache marked for eviction, and freed of nothing.
    private const int MostRefusals = 10;

    public string Name => "sweep";

    /// <summary>Sweeps unless another instance is at it; says what came of it.</summary>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        await using var run = await maintenance.TryBeginAsync(Name, TimeSpan.Zero, cancellationToken);
        if (run is null)
        {
            return "Another instance is sweeping.";
        }

        if (await loss.IsRecentAsync(cancellationToken))
        {
            return "Nothing is deleted until every session from before the loss of the tables has ended.";
        }

        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Lost);
        return await SweepAsync(held.Token);
    }

    private async Task<string> SweepAsync(CancellationToken cancellationToken)
    {
        var budget = options.Value.BudgetBytes();
        var usage = await census.TakeAsync(cancellationToken);
        if (usage.PinnedBytes > budget)
        {
            Log.PinnedAboveBudget(logger, Megabytes(usage.PinnedBytes), Megabytes(budget));
        }

        var (excess, freed, evicted, failed) = (usage.Bytes - budget, 0L, 0, 0);
        var kept = new HashSet<GenerationId>();
        // Another round is needed only when something chosen could not be evicted after all.
        for (var chosen = -1; chosen != 0 && freed < excess && evicted + kept.Count < MostPerRun && failed < MostRefusals;)
        {
            var queue = await ChooseAsync(excess - freed, kept, MostPerRun - evicted - kept.Count, cancellationToken);
            chosen = queue.Count;
            foreach (var entry in queue.TakeWhile(_ => failed < MostRefusals))
            {
                var result = await TryEvictAsync(entry, cancellationToken);
                if (result == EvictionResult.Evicted)
                {
                    (freed, evicted) = (freed + entry.Bytes, evicted + 1);
                    continue;
                }

                failed += result is null ? 1 : 0;
                kept.Add(entry.Id);
            }
        }

        if (failed == MostRefusals)
        {
            Log.GivenUp(logger, failed);
        }

        return $"{evicted} evicted, {Megabytes(freed):F1} MB freed; {Megabytes(usage.Bytes - freed):F1} MB of {Megabytes(budget):F1} MB in use.";
    }

    private async Task<IReadOnlyList<Entry>> ChooseAsync(long excess, HashSet<GenerationId> kept, int most, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var queue = new EvictionQueue(excess, most);
        await foreach (var key in inventory.ReadAsync(withContainers: false, cancellationToken))
        {
            foreach (var entry in key.Generations.Where(e => e.State == EntryState.Complete && !key.IsPinned(e.Id.Generation, now) && !kept.Contains(e.Id)))
            {
                queue.Add(entry, key.IsInForce(entry.Id.Generation));
            }
        }

        return queue.Drain();
    }

    /// <summary>Null when storage failed.</summary>
    private async Task<EvictionResult?> TryEvictAsync(Entry entry, CancellationToken cancellationToken)
    {
        try
        {
            var result = await evictor.TryEvictAsync(entry, evenPinned: false, cancellationToken);
            if (result == EvictionResult.Evicted)
            {
                Log.Evicted(logger, entry.Id.Key, Megabytes(entry.Bytes), TimeSpan.FromSeconds(Math.Round((time.GetUtcNow() - entry.LastAccess).TotalSeconds)));
            }

            return result;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            Log.EvictionFailed(logger, entry.Id, e);
            return null;
        }
    }

    private static double Megabytes(long bytes) => bytes / (1024.0 * 1024);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "[hls_cache] evicted {Key} ({Megabytes:F1} MB, age {Age})")]
        public static partial void Evicted(ILogger logger, Core.Keys.EntryKey key, double megabytes, TimeSpan age);

        [LoggerMessage(LogLevel.Warning, "[hls_cache] evict {Id} failed; the reaper finishes it")]
        public static partial void EvictionFailed(ILogger logger, GenerationId id, Exception exception);

        [LoggerMessage(LogLevel.Error, "[hls_cache] the sweep ends: storage refused to delete {Count} films")]
        public static partial void GivenUp(ILogger logger, int count);

        [LoggerMessage(LogLevel.Warning, "[hls_cache] pinned bytes ({Pinned:F1} MB) exceed the budget ({Budget:F1} MB); only what nobody watches is evicted")]
        public static partial void PinnedAboveBudget(ILogger logger, double pinned, double budget);
    }
}
