using HlsCache.Core.Keys;

namespace HlsCache.Core.Entries;

/// <summary>All rows of one key.</summary>
/// <param name="Generations">In order of age, the oldest first; those that can be read.</param>
/// <param name="HasUnknown">Whether there are rows that this version cannot read, written by a newer one.</param>
public sealed record KeyRows(EntryKey Key, EntryPointer? Pointer, IReadOnlyList<Entry> Generations, bool HasUnknown);
