using HlsCache.Core.Keys;

namespace HlsCache.Core.Entries;

/// <summary>All rows of one key.</summary>
/// <param name="Generations">In order of age, the oldest first; those that can be read.</param>
/// <param name="HasNewer">Whether there are rows that a newer version wrote, in a form that this one cannot read.</param>
/// <param name="HasBroken">Whether there are rows that no version can read.</param>
public sealed record KeyRows(EntryKey Key, EntryPointer? Pointer, IReadOnlyList<Entry> Generations, bool HasNewer, bool HasBroken);
