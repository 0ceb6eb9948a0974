using HlsCache.Core.Keys;
using HlsCache.Core.Sources;
using HlsCache.Service.Sessions;
using HlsCache.Service.Stats;

namespace HlsCache.Service.Plays;

/// <summary>Where a play begins: finds the film, and plays it under the key that it is encoded under.</summary>
public sealed class PlayRouter(SourceCatalog sources, KnownAliases aliases, WarmHits warm, SessionBook sessions, PrivateFilms films, PlayService plays, PlayCounter counter)
{
    private static readonly PlayOutcome NotFound = new PlayOutcome.NotFound();

    public async Task<PlayOutcome> PlayAsync(PlayRequest request, bool own, CancellationToken cancellationToken)
    {
        request = films.Own(request);
        var outcome = await AnswerAsync(request, own || request.Private is not null, cancellationToken);
        counter.Count(outcome);
        return outcome;
    }

    private async Task<PlayOutcome> AnswerAsync(PlayRequest request, bool own, CancellationToken cancellationToken)
    {
        if (!own && warm.Find(request.Key) is { } remembered)
        {
            return remembered;
        }

        if (await sources.FindAsync(request.Source, cancellationToken) is not { } source)
        {
            return NotFound;
        }

        if (source.Bytes == 0)
        {
            return new PlayOutcome.Failed("The source is empty: it has 0 bytes.");
        }

        var outcome = await FollowAsync(request, source, own, cancellationToken);
        if (outcome is PlayOutcome.Hit { Session.Own: false } hit)
        {
            warm.Remember(request.Key, hit);
        }

        return outcome;
    }

    /// <summary>Plays the request, or in its place the one that it is an alias of.</summary>
    private async Task<PlayOutcome> FollowAsync(PlayRequest request, SourceFile source, bool own, CancellationToken cancellationToken)
    {
        var known = aliases.Resolve(request, source.Stamp);
        var outcome = await plays.PlayAsync(known, source, own, follow: known == request, cancellationToken);
        if (outcome is not PlayOutcome.Aliased aliased)
        {
            return outcome;
        }

        aliases.Remember(request.Key, aliased.Alias);
        var leave = sessions.EndAsync(aliased.Left, cancellationToken);
        // One step: a second alias could only be another version's idea, and two of them might name each other.
        outcome = await plays.PlayAsync(aliased.Alias.Resolve(request), source, own, follow: false, cancellationToken);
        await leave;
        return outcome;
    }
}
