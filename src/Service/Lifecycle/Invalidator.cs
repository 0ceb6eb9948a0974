using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Lifecycle;
using HlsCache.Service.Plays;

namespace HlsCache.Service.Lifecycle;

/// <summary>Takes a key out of service: the next play begins anew, and what nobody watches goes at once.</summary>
public sealed partial class Invalidator(IEntryStore entries, Evictor evictor, UnsealedEvictor unsealed, TableLoss loss, WarmHits warm, ILogger<Invalidator> logger)
{
    // How often a row may change under an eviction before it is left to the reaper.
    private const int MostTries = 5;

    /// <param name="evenWatched">Whether to take it from those who are watching, and from an encoder that is at it.</param>
    /// <returns>Null when the key is unknown.</returns>
    public async Task<Invalidation?> InvalidateAsync(EntryKey key, bool evenWatched, CancellationToken cancellationToken)
    {
        if (await VoidAsync(key, cancellationToken) is not { } rows)
        {
            return null;
        }

        warm.Forget(key);
        var (evicted, kept) = (0, 0);
        // Whoever watches may have lost the session that would show it.
        var mayDelete = evenWatched || !await loss.IsRecentAsync(cancellationToken);
        // What began since is another play's.
        foreach (var entry in rows.Generations.Where(e => rows.Pointer is null || e.Id.Generation <= rows.Pointer.Generation))
        {
            var isGone = mayDelete && await TryEvictAsync(entry, evenWatched, cancellationToken);
            (evicted, kept) = isGone ? (evicted + 1, kept) : (evicted, kept + 1);
        }

        Log.Invalidated(logger, key, evicted, kept);
        return new(evicted, kept);
    }

    /// <summary>Puts no generation in force; returns the rows that were there, or null when the key has none.</summary>
    private async Task<KeyRows?> VoidAsync(EntryKey key, CancellationToken cancellationToken)
    {
        while (await entries.ReadAllAsync(key, cancellationToken) is { } rows)
        {
            if (rows.Pointer is not { IsVoid: false } pointer || await entries.TryPointAsync(pointer with { IsVoid = true }, cancellationToken))
            {
                return rows;
            }
        }

        return null;
    }

    private async Task<bool> TryEvictAsync(Entry entry, bool evenWatched, CancellationToken cancellationToken)
    {
        for (var tries = 0; tries < MostTries; tries++)
        {
            var result = entry.State switch
            {
                _ when evenWatched => await evictor.TryEvictAsync(entry, evenPinned: true, cancellationToken),
                EntryState.Evicting => await evictor.FinishAsync(entry, cancellationToken),
                EntryState.Queued or EntryState.Encoding => await unsealed.TryEvictAsync(entry, cancellationToken),
                _ => await evictor.TryEvictAsync(entry, evenPinned: false, cancellationToken),
            };
            if (result != EvictionResult.Changed)
            {
                return result == EvictionResult.Evicted;
            }

            if (await entries.FindAsync(entry.Id, cancellationToken) is not { } fresh)
            {
                return true; // Another evicted it.
            }

            entry = fresh;
        }

        return false;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Key}: invalidated by the operator, {Evicted} evicted, {Kept} kept.")]
        public static partial void Invalidated(ILogger logger, EntryKey key, int evicted, int kept);
    }
}
