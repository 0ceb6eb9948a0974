using System.Security.Cryptography;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Tokens;
using Microsoft.Extensions.Options;

namespace HlsCache.Service.Sessions;

/// <summary>Where nothing is kept for later viewers, each session has its films for itself, and they go with it.</summary>
public sealed class PrivateFilms(IEntryStore entries, Evictor evictor, IOptions<HlsCacheOptions> options)
{
    private const int SecretBytes = 16;

    /// <summary>The request as one session's own, where nothing is kept; else as it is.</summary>
    public PlayRequest Own(PlayRequest request) =>
        options.Value.Enabled ? request : request with { Private = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)) };

    /// <summary>Deletes what the session, which has ended, had for itself.</summary>
    public async Task ReclaimAsync(PlayToken token, CancellationToken cancellationToken)
    {
        var again = token.Own;
        while (again && (await entries.ReadAsync(token.Key, cancellationToken)).Current is { Request.Private: not null, State: not EntryState.Evicting } entry)
        {
            again = await evictor.TryEvictAsync(entry, evenPinned: false, cancellationToken) == EvictionResult.Changed;
        }
    }
}
