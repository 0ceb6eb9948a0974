using HlsCache.Core.Entries;
using HlsCache.Core.Leases;
using HlsCache.Core.Segments;
using HlsCache.Core.Sources;
using HlsCache.Core.Work;
using HlsCache.Encoder.Planning;
using HlsCache.Encoder.Renditions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HlsCache.Encoder.Jobs;

/// <summary>Works on an entry whose lock is held: claims it, tries, and decides what becomes of a failure.</summary>
public sealed partial class EntryWork(
    ISegmentStore segments,
    IWorkStore work,
    SourceCatalog sources,
    SourceScout scout,
    Attempt attempt,
    Sealer sealer,
    EncodeMeter meter,
    IOptions<EncoderOptions> options,
    TimeProvider time,
    ILogger<EntryWork> logger)
{
    // Attempts in a row without a new segment, after which a film is given up.
    private const int MostFailures = 5;

    private static readonly JobOutcome Done = new JobOutcome.Done();
    private static readonly JobOutcome StorageIsDown = new JobOutcome.HandBack(TimeSpan.FromSeconds(10));

    /// <param name="scouting">A look at the source that began before the lock was held.</param>
    public async Task<JobOutcome> RunAsync(ClaimedEntry claim, Task<ScoutReport> scouting, ILease lease, CancellationToken cancellationToken)
    {
        var id = claim.Current.Id;
        for (var isRetry = false; ; isRetry = true)
        {
            var blobs = await segments.ListAsync(id, cancellationToken).ToListAsync(cancellationToken);
            if (blobs.Exists(b => b.Name == BlobNames.Complete) && await sealer.TryAdoptAsync(claim, cancellationToken) is not null)
            {
                return Done;
            }

            var ready = ReadySet.Of(blobs);
            var isFurther = ready.Count > claim.Current.ReadyAtClaim;
            if (isRetry && !isFurther)
            {
                return Later(claim.Current);
            }

            if (!await claim.UpdateAsync(e => Claimed(e, ready.Count), cancellationToken))
            {
                // Ended, or it became an alias: another look tells whether there is work.
                return new JobOutcome.HandBack(TimeSpan.Zero);
            }

            if (claim.Current.Failures > MostFailures)
            {
                return await FailAsync(claim, claim.Current.Error ?? "The encoder died each time it tried.", cancellationToken);
            }

            if (!isRetry && await ElsewhereAsync(claim.Current, scouting) is { } elsewhere)
            {
                return elsewhere;
            }

            if (await attempt.TryAsync(claim, ready, isRetry ? scout.LookAsync(claim.Current, cancellationToken) : scouting, lease, cancellationToken) is not { } failure)
            {
                return Done;
            }

            if (!failure.Counts)
            {
                Log.StorageFailed(logger, id, failure.Reason);
                await claim.UpdateAsync(e => e with { Failures = Math.Max(0, e.Failures - 1) }, CancellationToken.None);
                return StorageIsDown;
            }

            if (failure.IsFinal || await IsReplacedAsync(claim.Current, cancellationToken))
            {
                return await FailAsync(claim, failure.IsFinal ? failure.Reason : Sealer.Replaced, cancellationToken);
            }

            Log.AttemptFailed(logger, id, claim.Current.Failures, failure.Reason);
            await claim.UpdateAsync(e => e with { Error = failure.Reason }, CancellationToken.None);
            if (isRetry)
            {
                return Later(claim.Current);
            }

            // A viewer waits, and handed back the job would go behind all others: where this attempt came further, the next one follows at once.
        }
    }

    /// <summary>Whether the work is to be done under another key; null as well when the look failed, or an earlier attempt began under this one.</summary>
    private static async Task<JobOutcome.Elsewhere?> ElsewhereAsync(Entry entry, Task<ScoutReport> scouting)
    {
        await ((Task)scouting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (entry.Planned || !scouting.IsCompletedSuccessfully || (await scouting).Found is not { } film)
        {
            return null;
        }

        var canonical = CanonicalRequest.Of(entry.Request, film.Plan, film.Info);
        return canonical == entry.Request ? null : new(film, canonical);
    }

    /// <summary>The longer, the more often it failed.</summary>
    private static JobOutcome.HandBack Later(Entry entry) => new(TimeSpan.FromSeconds(1 << entry.Failures));

    private static Entry Claimed(Entry entry, int ready) => entry with
    {
        State = EntryState.Encoding,
        Failures = ready > entry.ReadyAtClaim ? 1 : entry.Failures + 1,
        ReadyAtClaim = ready,
    };

    private async Task<bool> IsReplacedAsync(Entry entry, CancellationToken cancellationToken) =>
        await sources.FindAsync(entry.Request.Source, cancellationToken) is { } source && source.Stamp != entry.Stamp;

    /// <summary>Ends it with a reason for the viewer, and leaves nothing behind that nobody can use.</summary>
    private async Task<JobOutcome> FailAsync(ClaimedEntry claim, string reason, CancellationToken cancellationToken)
    {
        var entry = claim.Current;
        Log.Failed(logger, entry.Id, reason);
        meter.Failed();
        await claim.UpdateAsync(e => e.Failed(reason, time.GetUtcNow()), cancellationToken);
        await work.DeleteAsync(entry.Id, options.Value.Name, cancellationToken);
        if (ReadySet.Of(await segments.ListAsync(entry.Id, cancellationToken).ToListAsync(cancellationToken)).Count == 0)
        {
            await segments.DeleteAsync(entry.Id, cancellationToken);
        }

        return entry.Failures > MostFailures ? new JobOutcome.GiveUp("Failed", reason) : Done;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Id}: attempt {Attempt} failed and is tried again: {Reason}")]
        public static partial void AttemptFailed(ILogger logger, GenerationId id, int attempt, string reason);

        [LoggerMessage(LogLevel.Error, "{Id}: storage keeps this encoder from going on; the job is handed back, and the attempt does not count: {Cause}")]
        public static partial void StorageFailed(ILogger logger, GenerationId id, string cause);

        [LoggerMessage(LogLevel.Error, "{Id}: failed for good: {Reason}")]
        public static partial void Failed(ILogger logger, GenerationId id, string reason);
    }
}
