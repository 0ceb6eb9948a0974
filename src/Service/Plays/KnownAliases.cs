using System.Collections.Concurrent;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;

namespace HlsCache.Service.Plays;

/// <summary>Remembers which requests are encoded as another. That follows from the source's bytes alone, so the memory of it never grows old.</summary>
public sealed class KnownAliases
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<EntryKey, EntryAlias> known = new();

    /// <summary>The request that is encoded in place of this one as far as is known, else this one.</summary>
    public PlayRequest Resolve(PlayRequest request, string stamp) =>
        known.TryGetValue(request.Key, out var alias) && alias.Stamp == stamp ? alias.Resolve(request) : request;

    public void Remember(EntryKey key, EntryAlias alias)
    {
        if (known.Count >= Most)
        {
            known.Clear();
        }

        known[key] = alias;
    }
}
