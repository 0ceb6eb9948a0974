using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Core.Stats;

namespace HlsCache.Core.Lifecycle;

/// <summary>Counts by going through the rows; what is still being written is measured where it lies, since no row knows its size.</summary>
public sealed class InventoryCensus(Inventory inventory, ISegmentStore segments, TimeProvider time) : ICacheCensus
{
    public async Task<CacheCensus> TakeAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var census = new CacheCensus(0, 0, 0, 0, 0);
        await foreach (var key in inventory.ReadAsync(withContainers: false, cancellationToken))
        {
            foreach (var entry in key.Generations)
            {
                var (blobs, bytes) = await MeasureAsync(entry, cancellationToken);
                census = new(
                    census.Entries + (entry.State == EntryState.Complete ? 1 : 0),
                    census.Bytes + bytes,
                    census.PinnedBytes + (key.IsPinned(entry.Id.Generation, now) ? bytes : 0),
                    census.ReservedBytes + Missing(entry, blobs, bytes),
                    census.EncodesInFlight + (entry.State is EntryState.Queued or EntryState.Encoding ? 1 : 0));
            }
        }

        return census;
    }

    private async Task<(int Blobs, long Bytes)> MeasureAsync(Entry entry, CancellationToken cancellationToken) => entry.State switch
    {
        EntryState.Complete or EntryState.Evicting => (0, entry.Bytes),
        EntryState.Encoding or EntryState.Failed => await segments.ListAsync(entry.Id, cancellationToken)
            .AggregateAsync((Blobs: 0, Bytes: 0L), (sum, blob) => (sum.Blobs + 1, sum.Bytes + blob.Size), cancellationToken),
        _ => default,
    };

    /// <summary>What an encode is still to write, if the rest is like what there is.</summary>
    private static long Missing(Entry entry, int blobs, long bytes) => entry is { State: EntryState.Encoding, Planned: true } && blobs > 0
        ? bytes * Math.Max(0, entry.VideoSegments + entry.AudioSegments - blobs) / blobs
        : 0;
}
