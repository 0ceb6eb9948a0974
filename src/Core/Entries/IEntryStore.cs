using HlsCache.Core.Keys;

namespace HlsCache.Core.Entries;

/// <summary>The rows of keys and their generations. Every write is conditional; nothing is overwritten blindly.</summary>
public interface IEntryStore
{
    /// <summary>The key's pointer and the row it names, of one instant, in one round trip.</summary>
    Task<EntrySnapshot> ReadAsync(EntryKey key, CancellationToken cancellationToken);

    /// <summary>One generation's row, or null when it does not exist.</summary>
    Task<Entry?> FindAsync(GenerationId id, CancellationToken cancellationToken);

    /// <summary>
    /// Inserts <paramref name="entry"/> and points its key to it, in one transaction, provided that the pointer is still
    /// <paramref name="replaced"/> (null: that there is none). The one caller that gets the stored row back has won and enqueues; the others get null.
    /// </summary>
    Task<Entry?> TryStartAsync(Entry entry, EntryPointer? replaced, CancellationToken cancellationToken);

    /// <summary>Replaces the row if its version is still <see cref="Entry.Version"/>; null when another changed or deleted it.</summary>
    Task<Entry?> TryUpdateAsync(Entry entry, CancellationToken cancellationToken);

    /// <summary>Removes the row if its version is still <see cref="Entry.Version"/>; false when another changed or deleted it. The pointer stays.</summary>
    Task<bool> TryDeleteAsync(Entry entry, CancellationToken cancellationToken);

    /// <summary>Replaces the pointer if its version is still <see cref="EntryPointer.Version"/>; false when another moved it.</summary>
    Task<bool> TryPointAsync(EntryPointer pointer, CancellationToken cancellationToken);

    /// <summary>Removes the pointer if its version is still <see cref="EntryPointer.Version"/>; false when another moved it.</summary>
    Task<bool> TryDeleteAsync(EntryPointer pointer, CancellationToken cancellationToken);

    /// <summary>Removes the key's rows that no version can read.</summary>
    Task DeleteBrokenAsync(EntryKey key, CancellationToken cancellationToken);

    /// <summary>All rows of one key, of one instant; null when it has none.</summary>
    Task<KeyRows?> ReadAllAsync(EntryKey key, CancellationToken cancellationToken);

    /// <summary>The rows of every key, in ordinal order of keys, read page by page: not of one instant.</summary>
    IAsyncEnumerable<KeyRows> ListAsync(CancellationToken cancellationToken);

    /// <summary>The same for the keys that sort after <paramref name="key"/>.</summary>
    IAsyncEnumerable<KeyRows> ListAfterAsync(EntryKey key, CancellationToken cancellationToken);
}
