using System.Collections.Concurrent;
using System.Security.Cryptography;
using HlsCache.Core.Keys;
using HlsCache.Core.Sessions;
using HlsCache.Core.Tokens;

namespace HlsCache.Service.Sessions;

/// <summary>
/// The sessions that this instance knows. Viewers who will not end theirs share one session row per instance and key, so that a popular
/// film costs one row and not one a viewer.
/// </summary>
public sealed class SessionBook(ISessionStore store, TimeProvider time)
{
    // How long this instance may go on believing that a viewer's own session lives.
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);
    private const double CoarseSeconds = 5;
    private const int IdBytes = 8;
    private const int PruneAbove = 10_000;

    private readonly ConcurrentDictionary<EntryKey, Lazy<Task<PlaySession>>> shared = new();
    // The newest generation of each key that a viewer was given here.
    private readonly ConcurrentDictionary<EntryKey, Generation> newest = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> seen = new(StringComparer.Ordinal);

    /// <summary>A live session row for the request, and whether it was there before this call began.</summary>
    public async Task<(PlaySession Session, bool WasHeld)> HoldAsync(PlayRequest request, bool own, CancellationToken cancellationToken)
    {
        var needed = SessionLifetime.Needed(1);
        if (own)
        {
            return (await WriteAsync(NewSession(request, own), needed), false);
        }

        if (shared.TryGetValue(request.Key, out var held) && held.Value.IsCompletedSuccessfully && (await held.Value).Expires > time.GetUtcNow() + needed)
        {
            return (await held.Value, true);
        }

        return (await RenewAsync(request, needed).WaitAsync(cancellationToken), false);
    }

    /// <summary>The instance's shared session for the request, with a life of at least <paramref name="needed"/> from now; its row is written before this returns.</summary>
    public Task<PlaySession> ShareAsync(PlayRequest request, TimeSpan needed, CancellationToken cancellationToken) =>
        RenewAsync(request, needed).WaitAsync(cancellationToken);

    /// <summary>The session with a life of at least <paramref name="needed"/> from now; its row is written before this returns.</summary>
    /// <param name="session">One that this instance made.</param>
    /// <param name="generation">What its viewer is given, which the session held when it was read.</param>
    public async Task<PlaySession> ProlongAsync(PlaySession session, Generation generation, TimeSpan needed, CancellationToken cancellationToken)
    {
        if (session.Expires < time.GetUtcNow() + needed)
        {
            session = await (session.Own ? WriteAsync(session, needed) : RenewAsync(session.Request!, needed)).WaitAsync(cancellationToken);
        }

        newest.AddOrUpdate(session.Key, generation, (_, known) => known > generation ? known : generation);
        // Renewed by a play of a successor, for those who come after it: this viewer needs one that reaches back further.
        return session.From <= generation || session.From is null
            ? session
            : await WriteAsync(NewSession(session.Request!, session.Own) with { From = generation }, needed).WaitAsync(cancellationToken);
    }

    /// <summary>Whether the token's session still holds what it pins. A shared one lives as long as its tokens.</summary>
    public async ValueTask<bool> IsLiveAsync(PlayToken token, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!token.Own || (seen.TryGetValue(token.Session, out var at) && at + Memory > now))
        {
            return true;
        }

        var live = (await store.FindAsync(token.Key, token.Session, cancellationToken))?.Expires > now;
        if (live)
        {
            Prune(now);
            seen[token.Session] = now;
        }

        return live;
    }

    /// <summary>Takes a heartbeat of a viewer's own session, keeping where the viewer is, to a few seconds; false when the session is over.</summary>
    public async Task<bool> BeatAsync(PlayToken token, double? position, CancellationToken cancellationToken)
    {
        if (!token.Own)
        {
            return true;
        }

        var session = await store.FindAsync(token.Key, token.Session, cancellationToken);
        if (session is null || session.Expires <= time.GetUtcNow())
        {
            return false;
        }

        // Replaced, not put: the viewer may be ending it at this moment.
        return position is not >= 0
            || Math.Abs(position.Value - session.PositionSeconds) < CoarseSeconds
            || await store.TryReplaceAsync(session with { PositionSeconds = position.Value }, cancellationToken);
    }

    /// <summary>Ends a viewer's own session. A shared one stays: others may be watching.</summary>
    public Task EndAsync(PlayToken token, CancellationToken cancellationToken) => EndAsync(token.Key, token.Session, token.Own, cancellationToken);

    /// <inheritdoc cref="EndAsync(PlayToken, CancellationToken)"/>
    public Task EndAsync(PlaySession session, CancellationToken cancellationToken) => EndAsync(session.Key, session.Id, session.Own, cancellationToken);

    /// <summary>The instance's shared session, written once however many plays find none, or one too short, at this moment.</summary>
    private async Task<PlaySession> RenewAsync(PlayRequest request, TimeSpan needed)
    {
        var least = time.GetUtcNow() + needed;
        while (true)
        {
            var current = shared.GetOrAdd(request.Key, _ => new(() => WriteAsync(NewSession(request, own: false), needed)));
            try
            {
                if (await current.Value is var session && session.Expires >= least)
                {
                    return session;
                }

                // A row that is renewed for ever would pin for ever what was superseded meanwhile.
                var isOutdated = newest.TryGetValue(request.Key, out var known) && session.From != known;
                shared.TryUpdate(request.Key, new(() => WriteAsync(isOutdated ? NewSession(request, own: false) : session, needed)), current);
            }
            catch
            {
                shared.TryRemove(new(request.Key, current));
                throw;
            }
        }
    }

    /// <summary>A session that pins what this instance knows to be in force and all that comes after it; too old is safe.</summary>
    private PlaySession NewSession(PlayRequest request, bool own)
    {
        Prune(time.GetUtcNow());
        Generation? from = newest.TryGetValue(request.Key, out var known) ? known : null;
        return new(request, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), from, own, DateTimeOffset.MinValue);
    }

    private async Task<PlaySession> WriteAsync(PlaySession session, TimeSpan needed)
    {
        session = session with { Expires = time.GetUtcNow() + SessionLifetime.Granted(needed) };
        // Others may be waiting for the same row, so no single caller's cancellation counts.
        await store.PutAsync(session, CancellationToken.None);
        return session;
    }

    private async Task EndAsync(EntryKey key, string id, bool own, CancellationToken cancellationToken)
    {
        if (own)
        {
            seen.TryRemove(id, out _);
            await store.DeleteAsync(key, id, cancellationToken);
        }
    }

    private void Prune(DateTimeOffset now)
    {
        if (seen.Count > PruneAbove)
        {
            foreach (var old in seen.Where(s => s.Value + Memory <= now))
            {
                seen.TryRemove(old);
            }
        }

        if (shared.Count > PruneAbove)
        {
            foreach (var old in shared.Where(s => s.Value is { IsValueCreated: true, Value: { IsCompletedSuccessfully: true, Result: var session } } && session.Expires <= now))
            {
                shared.TryRemove(old);
            }
        }

        if (newest.Count > PruneAbove)
        {
            foreach (var key in newest.Keys.Where(k => !shared.ContainsKey(k)))
            {
                newest.TryRemove(key, out _);
            }
        }
    }
}
