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
        var census = new CacheCensus(0, 0, 0, 0);
        await foreach (var key in inventory.ReadAsync(withContainers: false, cancellationToken))
        {
            foreach (var entry in key.Generations)
            {
                var bytes = entry.State switch
                {
                    EntryState.Complete or EntryState.Evicting => entry.Bytes,
                    EntryState.Encoding or EntryState.Failed => await segments.ListAsync(entry.Id, cancellationToken).Select(b => b.Size).SumAsync(cancellationToken),
                    _ => 0,
                };
                census = new(
                    census.Entries + (entry.State == EntryState.Complete ? 1 : 0),
                    census.Bytes + bytes,
                    census.PinnedBytes + (key.IsPinned(entry.Id.Generation, now) ? bytes : 0),
                    census.EncodesInFlight + (entry.State == EntryState.Encoding ? 1 : 0));
            }
        }

        return census;
    }
}
