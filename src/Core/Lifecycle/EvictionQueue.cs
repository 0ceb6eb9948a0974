using HlsCache.Core.Entries;

namespace HlsCache.Core.Lifecycle;

/// <summary>
/// Chooses what to evict: superseded generations, then the least recently used, until they make up the excess. It holds what is to be evicted and
/// not what exists.
/// </summary>
/// <param name="excess">Bytes to be freed.</param>
/// <param name="most">How many it holds at most.</param>
public sealed class EvictionQueue(long excess, int most)
{
    private readonly PriorityQueue<Entry, (bool InForce, DateTimeOffset LastAccess, string Id)> lastToGo =
        new(Comparer<(bool InForce, DateTimeOffset LastAccess, string Id)>.Create((a, b) => b.CompareTo(a)));

    private long covered;

    public void Add(Entry entry, bool isInForce)
    {
        lastToGo.Enqueue(entry, (isInForce, entry.LastAccess, entry.Id.ToString()));
        covered += entry.Bytes;
        while (lastToGo.TryPeek(out var last, out _) && (covered - last.Bytes >= excess || lastToGo.Count > most))
        {
            covered -= lastToGo.Dequeue().Bytes;
        }
    }

    /// <summary>What was chosen, the first to go first; the queue is empty afterwards.</summary>
    public IReadOnlyList<Entry> Drain()
    {
        var order = new List<Entry>(lastToGo.Count);
        while (lastToGo.TryDequeue(out var entry, out _))
        {
            order.Add(entry);
        }

        order.Reverse();
        covered = 0;
        return order;
    }
}
