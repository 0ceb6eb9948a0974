using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Core.Work;

namespace HlsCache.Core.Lifecycle;

/// <summary>
/// Deletes a generation, unless somebody is watching it. It marks the row and then looks at the sessions, where a play writes its session and then
/// looks at the row: either the viewer is seen here, or the viewer sees the mark.
/// </summary>
public sealed class Evictor(IEntryStore entries, ISessionStore sessions, ISegmentStore segments, IWorkStore work, TimeProvider time)
{
    /// <param name="entry">The row in the version on which the decision was based.</param>
    /// <param name="evenPinned">Whether to take it from those who are watching.</param>
    public async Task<EvictionResult> TryEvictAsync(Entry entry, bool evenPinned, CancellationToken cancellationToken)
    {
        if (await entries.TryUpdateAsync(entry with { State = EntryState.Evicting, EvictingSince = time.GetUtcNow() }, cancellationToken) is not { } marked)
        {
            return EvictionResult.Changed;
        }

        if (!evenPinned && await IsPinnedAsync(marked, cancellationToken))
        {
            await entries.TryUpdateAsync(marked with { State = entry.State, EvictingSince = entry.EvictingSince }, CancellationToken.None);
            return EvictionResult.Pinned;
        }

        await DeleteAsync(marked, cancellationToken);
        return EvictionResult.Evicted;
    }

    /// <summary>Ends an eviction that its process did not live to end: takes the mark back when somebody is watching, else deletes.</summary>
    public async Task<EvictionResult> FinishAsync(Entry marked, CancellationToken cancellationToken)
    {
        var blobs = await segments.ListAsync(marked.Id, cancellationToken).Select(b => b.Name).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        if (blobs.Count > 0 && await IsPinnedAsync(marked, cancellationToken))
        {
            var state = blobs.Contains(BlobNames.Complete) ? EntryState.Complete : EntryState.Encoding;
            var restored = await entries.TryUpdateAsync(marked with { State = state, EvictingSince = null }, cancellationToken);
            return restored is null ? EvictionResult.Changed : EvictionResult.Pinned;
        }

        await DeleteAsync(marked, cancellationToken);
        return EvictionResult.Evicted;
    }

    /// <summary>The container first: a row without one is harmless and says what is left to do.</summary>
    private async Task DeleteAsync(Entry marked, CancellationToken cancellationToken)
    {
        await segments.DeleteAsync(marked.Id, cancellationToken);
        await work.DeleteAsync(marked.Id, cancellationToken);
        await entries.TryDeleteAsync(marked, cancellationToken);
    }

    private async Task<bool> IsPinnedAsync(Entry entry, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return (await sessions.ListAsync(entry.Id.Key, cancellationToken)).Any(s => s.Pins(entry.Id.Generation, now));
    }
}
