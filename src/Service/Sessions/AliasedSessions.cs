using HlsCache.Core.Entries;
using HlsCache.Core.Sessions;
using HlsCache.Core.Tokens;

namespace HlsCache.Service.Sessions;

/// <summary>The sessions of viewers who began on a key before it became known as an alias. Their tokens name that key; what they watch has another.</summary>
public sealed class AliasedSessions(ISessionStore store, SessionBook book, IEntryStore entries, TimeProvider time)
{
    /// <summary>The same right to what is encoded in place of the token's key, whether or not a session holds it yet; null when the session is over.</summary>
    public async Task<PlayToken?> FindAsync(PlayToken token, EntryAlias alias, CancellationToken cancellationToken) =>
        await store.FindAsync(token.Key, token.Session, cancellationToken) is { Request: { } request } ? token with { Key = alias.Resolve(request).Key } : null;

    /// <summary>Holds what is encoded in place of the token's key for as long as the token lives, and returns the token of that; null when the session is over.</summary>
    public async Task<PlayToken?> MoveAsync(PlayToken token, EntryAlias alias, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(token.Key, token.Session, cancellationToken) is not { Request: { } asked } held)
        {
            return null;
        }

        var request = alias.Resolve(asked);
        if (held.Own)
        {
            // What it pins of the alias says nothing of the other's generations.
            return await CopyAsync(held with { Key = request.Key, Request = request, From = null }, token);
        }

        var session = await book.ShareAsync(request, token.Expires + SessionLifetime.ClockSkew - time.GetUtcNow(), cancellationToken);
        return token with { Key = session.Key, Session = session.Id };
    }

    /// <summary>Ends a viewer's own session, and the one that holds what is encoded in its place.</summary>
    public async Task EndAsync(PlayToken token, CancellationToken cancellationToken)
    {
        if (!token.Own)
        {
            return;
        }

        var held = await store.FindAsync(token.Key, token.Session, cancellationToken);
        await book.EndAsync(token, cancellationToken);
        if (held is { Request: { } request } && (await entries.ReadAsync(token.Key, cancellationToken)).Alias is { } alias)
        {
            await book.EndAsync(token with { Key = alias.Resolve(request).Key }, cancellationToken);
        }
    }

    /// <summary>Puts a viewer's own session beside the one of the token, unless he ends that one meanwhile.</summary>
    private async Task<PlayToken?> CopyAsync(PlaySession session, PlayToken token)
    {
        var moved = token with { Key = session.Key };
        await store.PutAsync(session, CancellationToken.None);
        // Whoever ends both ends the first before the second: either he finds the second, or it is seen here that the first is gone.
        if (await store.FindAsync(token.Key, token.Session, CancellationToken.None) is not null)
        {
            return moved;
        }

        await book.EndAsync(moved, CancellationToken.None);
        return null;
    }
}
