using System.Text.Json;
using HlsCache.Core;
using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Core.Leases;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Core.Sources;
using HlsCache.Core.Work;
using HlsCache.Encoder.Renditions;
using HlsCache.Encoder.Planning;
using HlsCache.Encoder.Probing;
using HlsCache.Encoder.Publishing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HlsCache.Encoder.Jobs;

/// <summary>One job from its message to the seal: read the row, lock, claim, probe, plan, encode, seal.</summary>
public sealed partial class JobHandler(
    IEntryStore entries,
    ISegmentStore segments,
    ILeaseStore leases,
    IWorkStore work,
    SourceCatalog sources,
    Prober prober,
    RenditionEncoder encoder,
    SubtitleExtractor subtitles,
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

        await segments.CreateAsync(id, stopping);
        await using var lease = await leases.TryAcquireAsync(id, BlobNames.Writer, stopping);
        if (lease is null)
        {
            return Later;
        }

        using var hold = CancellationTokenSource.CreateLinkedTokenSource(stopping, lease.Lost, received.Lost);
        return await WorkAsync(entry, lease, stopping, hold.Token);
    }

    private async Task<JobOutcome> WorkAsync(Entry entry, ILease lease, CancellationToken stopping, CancellationToken cancellationToken)
    {
        var blobs = await segments.ListAsync(entry.Id, cancellationToken).ToListAsync(cancellationToken);
        using var claim = new ClaimedEntry(entries, entry);
        if (blobs.Exists(b => b.Name == BlobNames.Complete) && await sealer.TryAdoptAsync(claim, cancellationToken))
        {
            return Done;
        }

        var ready = ReadySet.Of(blobs);
        var segmentsReady = ready.Video.Count + ready.Audio.Count;
        if (!await claim.UpdateAsync(e => Claimed(e, segmentsReady), cancellationToken))
        {
            return Done;
        }

        if (claim.Current.Failures > MostFailures)
        {
            return await FailAsync(claim, claim.Current.Error ?? "The encoder died each time it tried.", blobs, cancellationToken);
        }

        var progress = new ProgressReporter(work, entry.Id, options.Value.Name, ready, time, logger);
        try
        {
            await using (progress)
            {
                return await EncodeAsync(claim, lease, progress, blobs, cancellationToken);
            }
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
            return new JobOutcome.HandBack(TimeSpan.FromSeconds(Math.Min(60, 1 << claim.Current.Failures)));
        }
    }

    private async Task<JobOutcome> EncodeAsync(ClaimedEntry claim, ILease lease, ProgressReporter progress, List<StoredBlob> blobs, CancellationToken cancellationToken)
    {
        var entry = claim.Current;
        var begun = time.GetTimestamp();
        if (await sources.FindAsync(entry.Request.Source, cancellationToken) is not { } source)
        {
            return await FailAsync(claim, "The source no longer exists.", blobs, cancellationToken);
        }

        if (source.Stamp != entry.Stamp)
        {
            return await FailAsync(claim, "The source was replaced while its encode was waiting; play it again.", blobs, cancellationToken);
        }

        var probe = await prober.ProbeAsync(source, cancellationToken);
        var outcome = probe.Info is { } found ? await PlanAsync(entry, found, cancellationToken) : PlanOutcome.Refuse(probe.Refusal!);
        if (outcome.Plan is not { } plan || probe.Info is not { } info)
        {
            return await FailAsync(claim, outcome.Refusal!, blobs, cancellationToken);
        }

        Log.Begun(logger, entry.Id, entry.Request.Source, entry.Request.Quality, plan.Seconds());
        var publisher = new SegmentPublisher(segments, entry.Id, progress);
        var context = new EncodeContext(plan, source, info, publisher, progress);
        var actual = await EncodeAllAsync(claim, context, cancellationToken);

        var seconds = time.GetElapsedTime(begun).TotalSeconds;
        var manifest = await sealer.SealAsync(claim, actual, source, lease, seconds, cancellationToken);
        await work.DeleteAsync(entry.Id, options.Value.Name, cancellationToken);
        Log.Sealed(logger, entry.Id, manifest.Blobs.Count, manifest.Bytes / 1e6, seconds, actual.Seconds() / seconds);
        return Done;
    }

    /// <summary>The plan that an earlier attempt published, or a new one.</summary>
    private async Task<PlanOutcome> PlanAsync(Entry entry, SourceInfo info, CancellationToken cancellationToken)
    {
        var existing = entry.Planned ? await segments.ReadAsync(entry.Id, BlobNames.Plan, cancellationToken) : null;
        return existing is not null && JsonSerializer.Deserialize(existing, CoreJson.Default.EncodePlan) is { } plan
            ? PlanOutcome.Of(plan)
            : Planner.Plan(entry, info);
    }

    /// <summary>Encodes all renditions side by side and returns the plan as it came out.</summary>
    private async Task<EncodePlan> EncodeAllAsync(ClaimedEntry claim, EncodeContext context, CancellationToken cancellationToken)
    {
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var plan = context.Plan;
        var renditions = plan.Renditions().Select(async r => (r.Rendition, Units: await encoder.EncodeAsync(context, r, any.Token))).ToList();
        var publish = PublishPlanAsync(claim, plan, any.Token);
        var extract = ExtractAsync();
        await AllOrNoneAsync([publish, extract, .. renditions], any);

        foreach (var (rendition, units) in renditions.Select(r => r.Result))
        {
            plan = plan.WithUnits(rendition, units);
        }

        return plan with { Subtitles = await extract };

        // The first frame comes first: reading the whole source for subtitles would slow it down.
        async Task<IReadOnlyList<SubtitlePlan>> ExtractAsync()
        {
            await context.Progress.FirstSegment.WaitAsync(any.Token);
            return await subtitles.ExtractAsync(context, any.Token);
        }
    }

    private async Task PublishPlanAsync(ClaimedEntry claim, EncodePlan plan, CancellationToken cancellationToken)
    {
        if (claim.Current.Planned)
        {
            return;
        }

        await segments.PutAsync(claim.Current.Id, BlobNames.Plan, JsonSerializer.SerializeToUtf8Bytes(plan, CoreJson.Default.EncodePlan), cancellationToken);
        await claim.UpdateAsync(e => e.WithLengths(plan) with { Planned = true }, cancellationToken);
    }

    /// <summary>Waits for all; when one fails, the others are stopped first, and its exception is the one that counts.</summary>
    private static async Task AllOrNoneAsync(IReadOnlyCollection<Task> tasks, CancellationTokenSource stop)
    {
        var running = tasks.ToList();
        while (running.Count > 0)
        {
            var done = await Task.WhenAny(running);
            running.Remove(done);
            if (!done.IsCompletedSuccessfully)
            {
                await stop.CancelAsync();
                await Task.WhenAll(running).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                await done;
            }
        }
    }

    private static Entry Claimed(Entry entry, int ready) => entry with
    {
        State = EntryState.Encoding,
        Failures = ready > entry.ReadyAtClaim ? 1 : entry.Failures + 1,
        ReadyAtClaim = ready,
    };

    private async Task<JobOutcome> FailAsync(ClaimedEntry claim, string reason, List<StoredBlob> blobs, CancellationToken cancellationToken)
    {
        Log.Failed(logger, claim.Current.Id, reason);
        await claim.UpdateAsync(e => e with { State = EntryState.Failed, Error = reason, FailedAt = time.GetUtcNow() }, cancellationToken);
        await work.DeleteAsync(claim.Current.Id, options.Value.Name, cancellationToken);
        if (!blobs.Exists(b => BlobNames.IsMedia(b.Name)))
        {
            await segments.DeleteAsync(claim.Current.Id, cancellationToken);
        }

        return claim.Current.Failures > MostFailures ? new JobOutcome.GiveUp("Failed", reason) : Done;
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
