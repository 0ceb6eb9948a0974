using System.Collections.Concurrent;
using HlsCache.Core.Keys;

namespace HlsCache.Service.Plays;

/// <summary>Answers of the last seconds, so that a film that many play at once costs no storage round trip a play.</summary>
public sealed class WarmHits(TimeProvider time)
{
    /// <summary>How late a replaced source may be noticed here, and how much older than its making an answer may be.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);
    private const int PruneAbove = 10_000;

    private readonly ConcurrentDictionary<EntryKey, (PlayOutcome.Hit Hit, DateTimeOffset Until)> hits = new();

    public PlayOutcome.Hit? Find(EntryKey key) => hits.TryGetValue(key, out var known) && known.Until > time.GetUtcNow() ? known.Hit : null;

    /// <summary>Forgets what is answered from the key's generations here, under whichever key it was asked for.</summary>
    public void Forget(EntryKey key)
    {
        foreach (var hit in hits.Where(h => h.Value.Hit.Id.Key == key))
        {
            hits.TryRemove(hit);
        }
    }

    public void Remember(EntryKey key, PlayOutcome.Hit hit)
    {
        var now = time.GetUtcNow();
        if (hits.Count > PruneAbove)
        {
            foreach (var old in hits.Where(h => h.Value.Until <= now))
            {
                hits.TryRemove(old);
            }
        }

        hits[key] = (hit, now + Memory);
    }
}
