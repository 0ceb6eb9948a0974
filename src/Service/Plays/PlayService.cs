using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Core.Sources;
using HlsCache.Service.Generations;
using HlsCache.Service.Sessions;

namespace HlsCache.Service.Plays;

/// <summary>The path of a play of one key: pin, look, then serve, join or begin.</summary>
public sealed class PlayService(
    SessionBook sessions,
    IEntryStore entries,
    GenerationVerifier verifier,
    GenerationReader reader,
    ISegmentUrls urls,
    GenerationStarter starter,
    JobSender jobs,
    Admission admission,
    WarmHits warm,
    LastAccess lastAccess,
    TimeProvider time)
{
    private static readonly PlayOutcome Newer = new PlayOutcome.Newer();

    /// <param name="follow">Whether to answer <see cref="PlayOutcome.Aliased"/> for a key that is an alias, instead of giving it a generation of its own.</param>
    public async Task<PlayOutcome> PlayAsync(PlayRequest request, SourceFile source, bool own, bool follow, CancellationToken cancellationToken)
    {
        if (!own && warm.Find(request.Key) is { } remembered)
        {
            return remembered;
        }

        // The pin must stand before the read that counts: whether it was held is settled before the read goes out. A read beside the pin's
        // writing is only a guess of what to check.
        var hold = sessions.HoldAsync(request, own, cancellationToken);
        var look = entries.ReadAsync(request.Key, cancellationToken);
        var (session, wasHeld) = await hold;
        var snapshot = await look;
        var check = VerifyAsync(snapshot.Current, cancellationToken);
        // What an alias says needs no pin, and no place in the queue.
        var isAlias = follow && IsAlias(snapshot, source);
        var refusal = !isAlias && Decide(snapshot, source).Action == PlayAction.Start ? admission.AskAsync(snapshot, cancellationToken) : null;
        if (!wasHeld && !isAlias)
        {
            snapshot = await entries.ReadAsync(request.Key, cancellationToken);
        }

        var outcome = await DecideAsync(request, source, session, snapshot, await check, refusal, follow, cancellationToken);
        if (outcome is not (PlayOutcome.Playing or PlayOutcome.Aliased))
        {
            // Its viewer is never told of it, and so could not end it.
            await sessions.EndAsync(session, cancellationToken);
        }

        return outcome;
    }

    private async Task<PlayOutcome> DecideAsync(
        PlayRequest request,
        SourceFile source,
        PlaySession session,
        EntrySnapshot snapshot,
        (GenerationId? Id, Manifest? Seal) check,
        Task<PlayOutcome?>? refusal,
        bool follow,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            if (follow && IsAlias(snapshot, source))
            {
                return new PlayOutcome.Aliased(snapshot.Alias!, session);
            }

            if (snapshot.IsNewer)
            {
                return Newer;
            }

            var (action, reason) = Decide(snapshot, source);
            if (action == PlayAction.Fail)
            {
                return new PlayOutcome.Failed(snapshot.Current!.Error ?? "The encode failed.");
            }

            if (action == PlayAction.Hit)
            {
                check = check.Id == snapshot.Current!.Id ? check : await VerifyAsync(snapshot.Current, cancellationToken);
                if (check.Seal is not null)
                {
                    return await HitAsync(snapshot.Current, session, check.Seal, cancellationToken);
                }

                (action, reason) = (PlayAction.Start, MissReason.FailedIntegrity);
            }

            if (action == PlayAction.Join)
            {
                return await JoinAsync(snapshot.Current!, session, cancellationToken);
            }

            if (await (refusal ??= admission.AskAsync(snapshot, cancellationToken)) is { } refused)
            {
                return refused;
            }

            // From here on others may join: the viewer who began it may leave, but not take the job along.
            if (await starter.TryStartAsync(request, source, reason, snapshot, CancellationToken.None) is { } begun)
            {
                session = await sessions.ProlongAsync(session, begun.Id.Generation, SessionLifetime.Needed(null), CancellationToken.None);
                return Miss(await jobs.SendAsync(begun, CancellationToken.None), session, Progress.None);
            }

            snapshot = await entries.ReadAsync(request.Key, cancellationToken);
        }
    }

    private (PlayAction Action, MissReason Reason) Decide(EntrySnapshot found, SourceFile source) =>
        PlayPolicy.DecideFor(found, source.Stamp, starter.Profile, time.GetUtcNow());

    private async Task<PlayOutcome> HitAsync(Entry entry, PlaySession session, Manifest seal, CancellationToken cancellationToken)
    {
        // The answer may be given again until the memory of it ends, and must still promise enough then.
        session = await sessions.ProlongAsync(session, entry.Id.Generation, SessionLifetime.Needed(entry.Seconds) + WarmHits.Memory, cancellationToken);
        var first = seal.Plan.Renditions().First();
        var access = await urls.SignAsync(entry.Id, session.Expires - SessionLifetime.ClockSkew, cancellationToken);
        var blobs = new BlobAccess(access.Container, access.Sas, BlobNames.Init(first.Rendition), first.Segments);
        var hit = new PlayOutcome.Hit(entry.Id, session, entry.Reason, blobs, Progress.Of(GenerationView.Sealed(entry.Id, seal)));
        lastAccess.Touch(entry);
        if (!session.Own)
        {
            warm.Remember(entry.Id.Key, hit);
        }

        return hit;
    }

    private async Task<PlayOutcome> JoinAsync(Entry entry, PlaySession session, CancellationToken cancellationToken)
    {
        var view = reader.ReadAsync(entry.Id, cancellationToken);
        session = await sessions.ProlongAsync(session, entry.Id.Generation, SessionLifetime.Needed(entry.Planned ? entry.Seconds : null), cancellationToken);
        entry = await jobs.EnsureSentAsync(entry, cancellationToken);
        return Miss(entry, session, Progress.Of(await view));
    }

    private static bool IsAlias(EntrySnapshot snapshot, SourceFile source) => snapshot.Alias?.Stamp == source.Stamp;

    private async Task<(GenerationId? Id, Manifest? Seal)> VerifyAsync(Entry? entry, CancellationToken cancellationToken) =>
        entry is { State: EntryState.Complete } ? (entry.Id, await verifier.VerifyAsync(entry, cancellationToken)) : (null, null);

    private static PlayOutcome.Miss Miss(Entry entry, PlaySession session, Progress progress) =>
        new(entry.Id, session, entry.Reason, entry.State == EntryState.Queued, progress);
}
