using HlsCache.Core.Keys;

namespace HlsCache.Core.Entries;

/// <summary>The row that says which generation of a key is in force.</summary>
/// <param name="Version">The store's version of this row, which a conditional write compares.</param>
public sealed record EntryPointer(EntryKey Key, Generation Generation, string Version);
