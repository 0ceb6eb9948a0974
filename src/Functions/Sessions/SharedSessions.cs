using System.Collections.Concurrent;
using HlsCache.Core.Keys;
using HlsCache.Core.Sessions;

namespace HlsCache.Functions.Sessions;

/// <summary>The sessions that this instance shares among viewers: one row a key, so that a popular film costs one row and not one a viewer.</summary>
internal sealed class SharedSessions(Func<PlayRequest, PlaySession> create, Func<PlaySession, TimeSpan, Task<PlaySession>> write, TimeProvider time)
{
    private readonly ConcurrentDictionary<EntryKey, Lazy<Task<PlaySession>>> rows = new();
    private readonly Lock gate = new();
    // Plays that hold the row and are not answered yet, and whether any ever was answered with it.
    private readonly Dictionary<EntryKey, (int Plays, bool IsPromised)> uses = [];

    /// <summary>The row of the key, if it is written and lives at least so long. It stays at least until the caller keeps or refuses it.</summary>
    public async ValueTask<PlaySession?> HoldAsync(EntryKey key, TimeSpan needed)
    {
        lock (gate)
        {
            var (plays, isPromised) = uses.GetValueOrDefault(key);
            uses[key] = (plays + 1, isPromised);
        }

        return rows.TryGetValue(key, out var row) && row.Value.IsCompletedSuccessfully && await row.Value is var session && session.Expires > time.GetUtcNow() + needed
            ? session
            : null;
    }

    /// <summary>The row, written once however many plays find none, or one too short, at this moment.</summary>
    public async Task<PlaySession> RenewAsync(PlayRequest request, TimeSpan needed)
    {
        var least = time.GetUtcNow() + needed;
        while (true)
        {
            var current = rows.GetOrAdd(request.Key, _ => new(() => write(create(request), needed)));
            try
            {
                if (await current.Value is var session && session.Expires >= least)
                {
                    return session;
                }

                // A row that has expired may be on its way out: whoever deletes it would not see that it was renewed.
                var next = session.Expires > time.GetUtcNow() ? session : create(request);
                rows.TryUpdate(request.Key, new(() => write(next, needed)), current);
            }
            catch
            {
                rows.TryRemove(new(request.Key, current));
                throw;
            }
        }
    }

    /// <summary>A viewer is answered with the row: it stays for its whole life.</summary>
    public void Keep(EntryKey key)
    {
        lock (gate)
        {
            uses[key] = (uses[key].Plays - 1, true);
        }
    }

    /// <summary>The play is refused. True when nobody was ever answered with the row and nobody may be any more: it is forgotten, to be deleted.</summary>
    public bool Refuse(EntryKey key)
    {
        lock (gate)
        {
            var (plays, isPromised) = uses[key];
            if (plays > 1 || isPromised)
            {
                uses[key] = (plays - 1, isPromised);
                return false;
            }

            uses.Remove(key);
            return rows.TryRemove(key, out _);
        }
    }
}
