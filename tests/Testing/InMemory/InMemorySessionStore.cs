using System.Collections.Concurrent;
using HlsCache.Core.Keys;
using HlsCache.Core.Sessions;

namespace HlsCache.Testing.InMemory;

public sealed class InMemorySessionStore : ISessionStore
{
    private readonly ConcurrentDictionary<(EntryKey Key, string Id), PlaySession> rows = new();

    public IReadOnlyList<PlaySession> Rows => [.. rows.Values.OrderBy(s => s.Id, StringComparer.Ordinal)];

    /// <summary>Empties the table.</summary>
    public void Clear() => rows.Clear();

    public Task PutAsync(PlaySession session, CancellationToken cancellationToken)
    {
        rows[(session.Key, session.Id)] = session;
        return Task.CompletedTask;
    }

    public Task<bool> TryReplaceAsync(PlaySession session, CancellationToken cancellationToken)
    {
        var key = (session.Key, session.Id);
        while (rows.TryGetValue(key, out var current))
        {
            if (rows.TryUpdate(key, session, current))
            {
                return Task.FromResult(true);
            }
        }

        return Task.FromResult(false);
    }

    public Task<PlaySession?> FindAsync(EntryKey key, string id, CancellationToken cancellationToken) =>
        Task.FromResult(rows.GetValueOrDefault((key, id)));

    public Task<IReadOnlyList<PlaySession>> ListAsync(EntryKey key, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<PlaySession>>([.. Rows.Where(s => s.Key == key)]);

    public IAsyncEnumerable<PlaySession> ListAsync(CancellationToken cancellationToken) =>
        Rows.OrderBy(s => s.Key.Value, StringComparer.Ordinal).ToAsyncEnumerable();

    public IAsyncEnumerable<PlaySession> ListAfterAsync(EntryKey key, CancellationToken cancellationToken) =>
        ListAsync(cancellationToken).Where(s => string.CompareOrdinal(s.Key.Value, key.Value) > 0);

    public Task DeleteEndedAsync(EntryKey key, DateTimeOffset instant, CancellationToken cancellationToken)
    {
        foreach (var row in rows.Where(r => r.Key.Key == key && r.Value.Expires <= instant))
        {
            rows.TryRemove(row);
        }

        return Task.CompletedTask;
    }

    public Task DeleteAsync(EntryKey key, string id, CancellationToken cancellationToken)
    {
        rows.TryRemove((key, id), out _);
        return Task.CompletedTask;
    }
}
