using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Core.Leases;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Encoder.Planning;
using Microsoft.Extensions.Logging;

namespace HlsCache.Encoder.Jobs;

/// <summary>Reads a job's message and row, drops what is over, and locks the entry for the work on it.</summary>
public sealed partial class JobHandler(
    IEntryStore entries, ISegmentStore segments, ILeaseStore leases, SourceScout scout, EntryWork work, AliasWork aliases, ILogger<JobHandler> logger)
{
    private static readonly JobOutcome Done = new JobOutcome.Done();
    // To another encoder: the one that is at it, or one of a newer version.
    private static readonly JobOutcome Later = new JobOutcome.HandBack(TimeSpan.FromSeconds(15));

    public async Task<JobOutcome> HandleAsync(IReceivedJob received, CancellationToken stopping)
    {
        if (received.Job is not { } job || (job.Version <= EncodeJob.CurrentVersion && job.Id() is null))
        {
            return new JobOutcome.GiveUp("Unreadable", "The message is not a job that this encoder can read.");
        }

        if (job.Version > EncodeJob.CurrentVersion || job.Id() is not { } id)
        {
            return Later;
        }

        var found = await entries.ReadAsync(id.Key, stopping);
        if (found.IsNewer && found.Pointer?.Generation == id.Generation)
        {
            return Later;
        }

        var current = found.Current is { IsTerminal: false } its && its.Id == id ? its : null;
        if ((current ?? await aliases.FollowAsync(job, found, stopping)) is not { } entry)
        {
            Log.Stale(logger, id);
            return Done;
        }

        var outcome = await RunAsync(entry, token => scout.LookAsync(entry, token), received, stopping);
        return outcome is JobOutcome.Elsewhere elsewhere ? await MoveAsync(entry, elsewhere, received, stopping) : outcome;
    }

    private async Task<JobOutcome> RunAsync(Entry entry, Func<CancellationToken, Task<ScoutReport>> look, IReceivedJob received, CancellationToken stopping)
    {
        if (entry.Profile.Recipe > EncodeProfile.CurrentRecipe)
        {
            return Later;
        }

        using var hold = CancellationTokenSource.CreateLinkedTokenSource(stopping, received.Lost);
        // Probing takes longer than locking, so it begins first; it touches nothing.
        var scouting = look(hold.Token);
        try
        {
            if (entry is { Request: { Audio.IsDefault: true, Private: null }, Planned: false })
            {
                // The track that it turns out to be has a key of its own, and a lock.
                return await WorkAsync(entry, scouting, received, NoLease.Instance, hold, stopping);
            }

            await segments.CreateAsync(entry.Id, hold.Token);
            await using var lease = await leases.TryAcquireAsync(entry.Id, BlobNames.Writer, hold.Token);
            return lease is null ? Later : await WorkAsync(entry, scouting, received, lease, hold, stopping);
        }
        finally
        {
            await hold.CancelAsync();
            await ((Task)scouting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Goes on with what is encoded in the entry's place, the message in hand standing for that.</summary>
    private async Task<JobOutcome> MoveAsync(Entry alias, JobOutcome.Elsewhere to, IReceivedJob received, CancellationToken stopping)
    {
        using var hold = CancellationTokenSource.CreateLinkedTokenSource(stopping, received.Lost);
        var entry = await aliases.StandInAsync(alias, to.Canonical, hold.Token);
        // Beside the locking of the other; its encode begins when its viewers can find it.
        var flip = aliases.FlipAsync(alias, to.Canonical, hold.Token);
        JobOutcome outcome;
        try
        {
            outcome = entry.IsTerminal ? Done : await RunAsync(entry, LookAsync, received, stopping);
        }
        finally
        {
            await flip.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await flip;
        await segments.DeleteAsync(alias.Id, CancellationToken.None);
        return outcome;

        async Task<ScoutReport> LookAsync(CancellationToken cancellationToken)
        {
            await flip;
            return entry.Planned || entry.Profile != to.Film.Plan.Profile ? await scout.LookAsync(entry, cancellationToken) : new(to.Film.For(entry), null);
        }
    }

    private async Task<JobOutcome> WorkAsync(
        Entry entry, Task<ScoutReport> scouting, IReceivedJob received, ILease lease, CancellationTokenSource hold, CancellationToken stopping)
    {
        await using var loss = lease.Lost.Register(hold.Cancel);
        using var claim = new ClaimedEntry(entries, entry);
        try
        {
            return await work.RunAsync(claim, scouting, lease, hold.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Being stopped is nobody's failure: the attempt does not count.
            if (claim.Current.Version != entry.Version)
            {
                await claim.UpdateAsync(e => e with { Failures = Math.Max(0, e.Failures - 1) }, CancellationToken.None);
            }

            Log.Stopped(logger, entry.Id);
            return new JobOutcome.HandBack(TimeSpan.Zero);
        }
        catch (OperationCanceledException e)
        {
            Log.Superseded(logger, entry.Id, Cause());
            return Later;

            string Cause() => lease.Lost.IsCancellationRequested ? "the lock was taken or could not be renewed in time"
                : received.Lost.IsCancellationRequested ? "the message was taken or could not be renewed in time"
                : e.Message;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Id}: nothing to do, the job is over or was superseded.")]
        public static partial void Stale(ILogger logger, GenerationId id);

        [LoggerMessage(LogLevel.Information, "{Id}: this encoder is stopping; the job is handed back.")]
        public static partial void Stopped(ILogger logger, GenerationId id);

        [LoggerMessage(LogLevel.Warning, "{Id}: this encoder stops its work on it: {Cause}.")]
        public static partial void Superseded(ILogger logger, GenerationId id, string cause);
    }
}
