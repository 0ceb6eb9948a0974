using HlsCache.Core.Entries;
using HlsCache.Core.Leases;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Segments;

namespace HlsCache.Service.Lifecycle;

/// <summary>Deletes a generation that is not sealed, as far as its row tells, unless an encoder is at it.</summary>
public sealed class UnsealedEvictor(IEntryStore entries, ISegmentStore segments, ILeaseStore leases, Evictor evictor, TimeProvider time)
{
    /// <summary>The row's version was read before the lock is looked at: an encoder that takes the lock in between changes the row and is left alone.</summary>
    public async Task<EvictionResult> TryEvictAsync(Entry entry, CancellationToken cancellationToken)
    {
        await segments.CreateAsync(entry.Id, cancellationToken);
        await using var writer = await leases.TryAcquireAsync(entry.Id, BlobNames.Writer, cancellationToken);
        if (writer is null)
        {
            return EvictionResult.Written;
        }

        // Sealed by one who died before telling.
        if (await segments.ReadAsync(entry.Id, BlobNames.Complete, cancellationToken) is { } seal && Manifest.Read(seal) is { } manifest)
        {
            await entries.TryUpdateAsync(entry.Sealed(manifest, time.GetUtcNow()), cancellationToken);
            return EvictionResult.Changed;
        }

        return await evictor.TryEvictAsync(entry, evenPinned: false, cancellationToken);
    }
}
