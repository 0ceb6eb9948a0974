using HlsCache.Core.Entries;
using HlsCache.Core.Leases;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Core.Work;
using HlsCache.Service.Upkeep;
using Microsoft.Extensions.Options;

namespace HlsCache.Service.Lifecycle;

/// <summary>Clears away what killed processes and ended sessions left behind, and takes back sealed films whose rows were lost.</summary>
public sealed partial class Reaper(
    Inventory inventory,
    IEntryStore entries,
    ISessionStore sessions,
    ISegmentStore segments,
    IWorkStore work,
    ILeaseStore leases,
    Evictor evictor,
    UnsealedEvictor unsealed,
    OperatorPins pins,
    TableLoss loss,
    IMaintenanceStore maintenance,
    IOptions<HlsCacheOptions> options,
    TimeProvider time,
    ILogger<Reaper> logger) : IScheduledTask
{
    private static readonly TimeSpan Least = TimeSpan.FromMinutes(1);

    public string Name => "reap";

    public bool RunsAtStart => true;

    /// <summary>Reaps unless another instance did within the last minute; says what came of it.</summary>
    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        await using var run = await maintenance.TryBeginAsync(Name, Least, cancellationToken);
        if (run is null)
        {
            return "Another instance is reaping or has just done so.";
        }

        using var held = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Lost);
        var mayDelete = !await loss.IsRecentAsync(held.Token);
        var (reaped, adopted) = (0, 0);
        await foreach (var key in inventory.ReadAsync(withContainers: true, held.Token))
        {
            try
            {
                adopted += await AdoptAsync(key, held.Token) ? 1 : 0;
                reaped += mayDelete ? await ReapAsync(key, held.Token) : 0;
            }
            catch (Exception e) when (!held.Token.IsCancellationRequested)
            {
                Log.Failed(logger, key.Key, e);
            }
        }

        return $"{reaped} reaped, {adopted} adopted.";
    }

    private TimeSpan OrphanAge => TimeSpan.FromMinutes(options.Value.OrphanMinutes);

    /// <summary>Gives the newest sealed generation of a key that has none in force its row back.</summary>
    private async Task<bool> AdoptAsync(KeyInventory key, CancellationToken cancellationToken)
    {
        if (key.Rows is { HasNewer: true } || key.Rows?.Pointer is { IsInForce: false } || key.Generations.Any(e => key.IsInForce(e.Id.Generation)))
        {
            return false;
        }

        foreach (var id in Rowless(key).Reverse())
        {
            if (await segments.ReadAsync(id, BlobNames.Complete, cancellationToken) is { } seal
                && Manifest.Read(seal) is { } manifest && Entry.Adopted(id, manifest) is { } entry)
            {
                var adopted = await entries.TryStartAsync(entry, key.Rows?.Pointer, cancellationToken) is not null;
                if (adopted)
                {
                    Log.Adopted(logger, id);
                }

                return adopted;
            }
        }

        return false;
    }

    private async Task<int> ReapAsync(KeyInventory key, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var reaped = 0;
        var ended = now - SessionLifetime.ClockSkew;
        if (key.Sessions.Any(s => s.Expires <= ended))
        {
            await sessions.DeleteEndedAsync(key.Key, ended, cancellationToken);
        }

        if (key.Rows is { HasNewer: true })
        {
            return 0;
        }

        if (key.Rows is { HasBroken: true })
        {
            // Then its container is one without a row, for the next run to adopt or to delete.
            await entries.DeleteBrokenAsync(key.Key, cancellationToken);
            return 0;
        }

        await pins.AdvanceAsync(key, cancellationToken);
        foreach (var id in Rowless(key).Where(id => id.Generation.Begun + OrphanAge <= now && !key.IsPinned(id.Generation, now)))
        {
            reaped += await TryDeleteRowlessAsync(id, key.Rows?.Pointer is { } p && p.Generation > id.Generation, cancellationToken) ? 1 : 0;
        }

        foreach (var entry in key.Generations)
        {
            var pinned = key.IsPinned(entry.Id.Generation, now);
            var action = ReapPolicy.Decide(entry, key.IsInForce(entry.Id.Generation), key.Containers.Contains(entry.Id), pinned, now, OrphanAge);
            if (await ActAsync(entry, action, cancellationToken))
            {
                Log.Reaped(logger, entry.Id, entry.State, action);
                reaped++;
            }
        }

        if (key is { Generations: [], Containers: [], Rows.Pointer: { } pointer } && ReapPolicy.IsForgotten(pointer, now))
        {
            await entries.TryDeleteAsync(pointer, cancellationToken);
        }

        return reaped;
    }

    private async Task<bool> ActAsync(Entry entry, ReapAction action, CancellationToken cancellationToken)
    {
        switch (action)
        {
            case ReapAction.Evict:
                return await evictor.TryEvictAsync(entry, evenPinned: false, cancellationToken) == EvictionResult.Evicted;
            case ReapAction.EvictUnlessWritten:
                return await unsealed.TryEvictAsync(entry, cancellationToken) == EvictionResult.Evicted;
            case ReapAction.FinishEviction:
                return await evictor.FinishAsync(entry, cancellationToken) == EvictionResult.Evicted;
            case ReapAction.DeleteBlobs:
                await segments.DeleteAsync(entry.Id, cancellationToken);
                return true;
            case ReapAction.DeleteRow:
                await work.DeleteAsync(entry.Id, cancellationToken);
                return await entries.TryDeleteAsync(entry, cancellationToken);
            default:
                return false;
        }
    }

    private async Task<bool> TryDeleteRowlessAsync(GenerationId id, bool superseded, CancellationToken cancellationToken)
    {
        await using var writer = await leases.TryAcquireAsync(id, BlobNames.Writer, cancellationToken);
        // Listings are of different instants: the row may have been given since. And a seal that this version cannot read is not ours to judge.
        if (writer is null
            || await entries.FindAsync(id, cancellationToken) is not null
            || (!superseded && await segments.ReadAsync(id, BlobNames.Complete, cancellationToken) is { } seal && Manifest.Read(seal) is null))
        {
            return false;
        }

        await segments.DeleteAsync(id, cancellationToken);
        await work.DeleteAsync(id, cancellationToken);
        Log.RowlessDeleted(logger, id);
        return true;
    }

    /// <summary>Containers without a row, in order of age.</summary>
    private static IEnumerable<GenerationId> Rowless(KeyInventory key) => key.Containers.Except(key.Generations.Select(e => e.Id));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Id}: sealed but without a row; adopted from its manifest.")]
        public static partial void Adopted(ILogger logger, GenerationId id);

        [LoggerMessage(LogLevel.Information, "{Id}: a container without a row; deleted.")]
        public static partial void RowlessDeleted(ILogger logger, GenerationId id);

        [LoggerMessage(LogLevel.Information, "{Id}: reaped, {State} ({Action}).")]
        public static partial void Reaped(ILogger logger, GenerationId id, EntryState state, ReapAction action);

        [LoggerMessage(LogLevel.Warning, "{Key}: could not be looked after; the next run tries again.")]
        public static partial void Failed(ILogger logger, Core.Keys.EntryKey key, Exception exception);
    }
}
