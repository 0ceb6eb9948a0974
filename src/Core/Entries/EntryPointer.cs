using HlsCache.Core.Keys;

namespace HlsCache.Core.Entries;

/// <summary>The row that says which generation of a key is in force.</summary>
/// <param name="Generation">The newest generation, in force unless the key is an alias or void. Kept after the generation is gone: its successor must sort after it.</param>
/// <param name="Version">The store's version of this row, which a conditional write compares.</param>
public sealed record EntryPointer(EntryKey Key, Generation Generation, string Version)
{
    /// <summary>What is encoded in place of this key, or null for a key of its own.</summary>
    public EntryAlias? Alias { get; init; }

    /// <summary>Whether no generation is in force: the next play begins one. Viewers of the old ones keep them.</summary>
    public bool IsVoid { get; init; }

    /// <summary>Whether <see cref="Generation"/> is what a play is served from.</summary>
    public bool IsInForce => !IsVoid && Alias is null;
}
