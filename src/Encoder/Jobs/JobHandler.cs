using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Core.Leases;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Core.Work;
using HlsCache.Encoder.Planning;
using HlsCache.Encoder.Publishing;
using HlsCache.Encoder.Renditions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HlsCache.Encoder.Jobs;

/// <summary>One job from its message to the seal: read the row, lock, claim, plan, encode, seal.</summary>
public sealed partial class JobHandler(
    IEntryStore entries,
    ISegmentStore segments,
    ILeaseStore leases,
    IWorkStore work,
    SourceScout scout,
    GenerationEncoder encoder,
    Sealer sealer,
    IOptions<EncoderOptions> options,
    TimeProvider time,
    ILogger<JobHandler> logger)
{
    // Attempts in a row without a new segment, after which a film is given up.
    private const int MostFailures = 5;

    private static readonly JobOutcome Done = new JobOutcome.Done();
    private static readonly JobOutcome Later = new JobOutcome.HandBack(TimeSpan.FromSeconds(15));

    public async Task<JobOutcome> HandleAsync(IReceivedJob received, CancellationToken stopping)
    {
        if (received.Job is not { } job || (job.Version <= EncodeJob.CurrentVersion && job.Id() is null))
        {
            return new JobOutcome.GiveUp("Unreadable", "The message is not a job that this encoder can read.");
        }

        if (job.Version > EncodeJob.CurrentVersion || job.Id() is not { } id)
        {
            return Later; // An encoder of the newer version takes it.
        }

        if (await entries.ReadAsync(id.Key, stopping) is not { Current: { IsTerminal: false } entry } || entry.Id != id)
        {
            Log.Stale(logger, id);
            return Done;
        }

        if (entry.Profile.Recipe > EncodeProfile.CurrentRecipe)
        {
            return Later;
        }

        using var hold = CancellationTokenSource.CreateLinkedTokenSource(stopping, received.Lost);
        // Probing takes longer than locking, so it begins first; it touches nothing.
        var scouting = scout.LookAsync(entry, hold.Token);
        try
        {
            await segments.CreateAsync(id, hold.Token);
            await using var lease = await leases.TryAcquireAsync(id, BlobNames.Writer, hold.Token);
            return lease is null ? Later : await ClaimAsync(entry, scouting, lease, hold, stopping);
        }
        finally
        {
            await hold.CancelAsync();
            await ((Task)scouting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<JobOutcome> ClaimAsync(Entry entry, Task<ScoutReport> scouting, ILease lease, CancellationTokenSource hold, CancellationToken stopping)
    {
        await using var loss = lease.Lost.Register(hold.Cancel);
        var blobs = await segments.ListAsync(entry.Id, hold.Token).ToListAsync(hold.Token);
        using var claim = new ClaimedEntry(entries, entry);
        if (blobs.Exists(b => b.Name == BlobNames.Complete) && await sealer.TryAdoptAsync(claim, hold.Token) is not null)
        {
            return Done;
        }

        var ready = ReadySet.Of(blobs);
        if (!await claim.UpdateAsync(e => Claimed(e, ready.Video.Count + ready.Audio.Count), hold.Token))
        {
            return Done;
        }

        try
        {
            return claim.Current.Failures > MostFailures
                ? await FailAsync(claim, claim.Current.Error ?? "The encoder died each time it tried.", hold.Token)
                : await EncodeAsync(claim, ready, await scouting, lease, hold.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Being stopped is nobody's failure: the attempt does not count.
            await claim.UpdateAsync(e => e with { Failures = Math.Max(0, e.Failures - 1) }, CancellationToken.None);
            Log.Stopped(logger, entry.Id);
            return new JobOutcome.HandBack(TimeSpan.Zero);
        }
        catch (OperationCanceledException)
        {
            Log.Superseded(logger, entry.Id);
            return Later;
        }
        catch (Exception e) when (e is EncodeException or InvalidDataException)
        {
            Log.AttemptFailed(logger, entry.Id, claim.Current.Failures, e.Message);
            await claim.UpdateAsync(x => x with { Error = e.Message }, CancellationToken.None);
            return new JobOutcome.HandBack(TimeSpan.FromSeconds(1 << claim.Current.Failures));
        }
    }

    private async Task<JobOutcome> EncodeAsync(ClaimedEntry claim, ReadySet ready, ScoutReport report, ILease lease, CancellationToken cancellationToken)
    {
        if (report.Found is not { } found)
        {
            return await FailAsync(claim, report.Refusal!, cancellationToken);
        }

        var id = claim.Current.Id;
        var begun = time.GetTimestamp();
        Log.Begun(logger, id, claim.Current.Request.Source, claim.Current.Request.Quality, found.Plan.Seconds());
        Manifest manifest;
        await using (var progress = new ProgressReporter(work, id, options.Value.Name, ready, time, logger))
        {
            var context = new EncodeContext(found, new(segments, id, progress), progress);
            var actual = await encoder.EncodeAsync(claim, context, cancellationToken);
            manifest = await sealer.SealAsync(claim, actual, found.Source, lease, time.GetElapsedTime(begun).TotalSeconds, cancellationToken);
        }

        await work.DeleteAsync(id, options.Value.Name, cancellationToken);
        var seconds = manifest.EncodeSeconds;
        Log.Sealed(logger, id, manifest.Blobs.Count, manifest.Bytes / 1e6, seconds, manifest.Plan.Seconds() / seconds);
        return Done;
    }

    private static Entry Claimed(Entry entry, int ready) => entry with
    {
        State = EntryState.Encoding,
        Failures = ready > entry.ReadyAtClaim ? 1 : entry.Failures + 1,
        ReadyAtClaim = ready,
    };

    /// <summary>Ends it with a reason for the viewer, and leaves nothing behind that nobody can use.</summary>
    private async Task<JobOutcome> FailAsync(ClaimedEntry claim, string reason, CancellationToken cancellationToken)
    {
        var entry = claim.Current;
        Log.Failed(logger, entry.Id, reason);
        await claim.UpdateAsync(e => e with { State = EntryState.Failed, Error = reason, FailedAt = time.GetUtcNow() }, cancellationToken);
        await work.DeleteAsync(entry.Id, options.Value.Name, cancellationToken);
        if (entry.ReadyAtClaim == 0)
        {
            await segments.DeleteAsync(entry.Id, cancellationToken);
        }

        return entry.Failures > MostFailures ? new JobOutcome.GiveUp("Failed", reason) : Done;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Id}: nothing to do, the job is over or was superseded.")]
        public static partial void Stale(ILogger logger, GenerationId id);

        [LoggerMessage(LogLevel.Information, "{Id}: encoding {Source} at {Quality}, {Seconds:F1} s.")]
        public static partial void Begun(ILogger logger, GenerationId id, Core.Keys.SourcePath source, Core.Keys.Quality quality, double seconds);

        [LoggerMessage(LogLevel.Information, "{Id}: sealed, {Blobs} blobs, {Megabytes:F1} MB in {Seconds:F1} s ({Speed:F1}x).")]
        public static partial void Sealed(ILogger logger, GenerationId id, int blobs, double megabytes, double seconds, double speed);

        [LoggerMessage(LogLevel.Information, "{Id}: this encoder is stopping; the job is handed back.")]
        public static partial void Stopped(ILogger logger, GenerationId id);

        [LoggerMessage(LogLevel.Warning, "{Id}: the lock or the message passed on to another encoder; this one stops.")]
        public static partial void Superseded(ILogger logger, GenerationId id);

        [LoggerMessage(LogLevel.Warning, "{Id}: attempt {Attempt} failed and is tried again: {Reason}")]
        public static partial void AttemptFailed(ILogger logger, GenerationId id, int attempt, string reason);

        [LoggerMessage(LogLevel.Error, "{Id}: failed for good: {Reason}")]
        public static partial void Failed(ILogger logger, GenerationId id, string reason);
    }
}
