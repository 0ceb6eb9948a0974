namespace HlsCache.Core.Entries;

/// <summary>What one read of a key shows.</summary>
/// <param name="Pointer">The pointer, or null for a key without one.</param>
/// <param name="Current">The row that the pointer names, or null when there is none, or the pointer is an alias or void.</param>
public sealed record EntrySnapshot(EntryPointer? Pointer, Entry? Current)
{
    /// <summary>What is encoded in place of the key, whatever the source's bytes are by now; null for a key of its own.</summary>
    public EntryAlias? Alias => Pointer is { IsVoid: false } pointer ? pointer.Alias : null;
}
