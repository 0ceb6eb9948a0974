using HlsCache.Core.Keys;

namespace HlsCache.Core.Sessions;

/// <summary>The rows of sessions: the pins.</summary>
public interface ISessionStore
{
    /// <summary>Inserts or replaces the session.</summary>
    Task PutAsync(PlaySession session, CancellationToken cancellationToken);

    /// <summary>Replaces the session if it is there; false when it has ended.</summary>
    Task<bool> TryReplaceAsync(PlaySession session, CancellationToken cancellationToken);

    /// <summary>The session, or null when there is none.</summary>
    Task<PlaySession?> FindAsync(EntryKey key, string id, CancellationToken cancellationToken);

    /// <summary>All sessions of the key.</summary>
    Task<IReadOnlyList<PlaySession>> ListAsync(EntryKey key, CancellationToken cancellationToken);

    /// <summary>All sessions of all keys, in ordinal order of keys, read page by page.</summary>
    IAsyncEnumerable<PlaySession> ListAsync(CancellationToken cancellationToken);

    /// <summary>The same for the keys that sort after <paramref name="key"/>.</summary>
    IAsyncEnumerable<PlaySession> ListAfterAsync(EntryKey key, CancellationToken cancellationToken);

    /// <summary>Removes the key's sessions that ended at <paramref name="instant"/> or before, in the version that says so: one that is renewed meanwhile stays.</summary>
    Task DeleteEndedAsync(EntryKey key, DateTimeOffset instant, CancellationToken cancellationToken);

    /// <summary>Removes the session; one that does not exist is no error.</summary>
    Task DeleteAsync(EntryKey key, string id, CancellationToken cancellationToken);
}
