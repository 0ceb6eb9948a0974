namespace HlsCache.Core.Entries;

/// <summary>What one read of a key shows.</summary>
/// <param name="Pointer">The pointer, or null for a key without one.</param>
/// <param name="Current">The row that the pointer names, or null when there is none, or the pointer is an alias or void.</param>
public sealed record EntrySnapshot(EntryPointer? Pointer, Entry? Current)
{
    /// <summary>Whether the row that the pointer names was written by a newer version, in a form that this one cannot read: it is for that version to go on with.</summary>
    public bool IsNewer { get; init; }

    /// <summary>What is encoded in place of the key, whatever the source's bytes are by now; null for a key of its own.</summary>
    public EntryAlias? Alias => Pointer is { IsVoid: false } pointer ? pointer.Alias : null;
}
