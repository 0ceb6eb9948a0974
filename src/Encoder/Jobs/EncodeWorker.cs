using System.Diagnostics;
using HlsCache.Core;
using HlsCache.Core.Jobs;
using HlsCache.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HlsCache.Encoder.Jobs;

/// <summary>Takes jobs from the queue, one at a time in each of its lanes, and settles them by their outcome.</summary>
public sealed partial class EncodeWorker(
    IJobQueue queue, JobHandler handler, HopelessJobs hopeless, IOptions<EncoderOptions> options, TimeProvider time, ILogger<EncodeWorker> logger) : BackgroundService
{
    // Of one message, those included whose encoder died. After as many, a fault is its last.
    private const int MostDeliveries = 10;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Log.Ready(logger, options.Value.Name);
        return Task.WhenAll(Enumerable.Range(0, options.Value.Parallel).Select(_ => LaneAsync(stoppingToken)));
    }

    private async Task LaneAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var job = await queue.ReceiveAsync(stoppingToken);
                await HandleAsync(job, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Storage or queue is down: the message reappears by itself.
                if (StorageFaults.IsUnavailable(e))
                {
                    Log.LaneStopped(logger, StorageFaults.Explain(e));
                }
                else
                {
                    Log.LaneFailed(logger, e);
                }

                await Task.Delay(RetryAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task HandleAsync(IReceivedJob job, CancellationToken stoppingToken)
    {
        switch (await OutcomeAsync(job, stoppingToken))
        {
            case JobOutcome.Done:
                await job.CompleteAsync(CancellationToken.None);
                break;
            case JobOutcome.HandBack back:
                await job.AbandonAsync(back.Delay, CancellationToken.None);
                break;
            case JobOutcome.Fault fault:
                // What comes back at once would fail at once.
                await Task.Delay(RetryAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await (job.Deliveries < MostDeliveries ? job.FailAsync(CancellationToken.None) : GiveUpAsync(job, fault));
                break;
            case JobOutcome.GiveUp up:
                await job.DeadLetterAsync(up.Reason, up.Description, CancellationToken.None);
                break;
        }
    }

    private async Task GiveUpAsync(IReceivedJob job, JobOutcome.Fault fault)
    {
        Log.Hopeless(logger, job.Job?.MessageId(), job.Deliveries, fault.Reason);
        await hopeless.TellAsync(job.Job, fault.Reason, CancellationToken.None);
        await job.DeadLetterAsync("Fault", fault.Reason, CancellationToken.None);
    }

    /// <summary>What the job came to; a fault that nobody foresaw hands it back, and its delivery counts.</summary>
    /// <remarks>However an encoder that is stopping leaves a job, the next one has it at once.</remarks>
    private async Task<JobOutcome> OutcomeAsync(IReceivedJob job, CancellationToken stoppingToken)
    {
        using var span = Begin(job.Job);
        try
        {
            var outcome = await handler.HandleAsync(job, stoppingToken);
            span?.SetTag("hls_cache.outcome", outcome.GetType().Name);
            return outcome;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return new JobOutcome.HandBack(TimeSpan.Zero);
        }
        catch (Exception e)
        {
            Log.JobFailed(logger, job.Job?.MessageId(), e);
            span?.SetStatus(ActivityStatusCode.Error, e.Message);
            return stoppingToken.IsCancellationRequested ? new JobOutcome.HandBack(TimeSpan.Zero)
                // Storage being down is no fault of the job's, however often it is met.
                : StorageFaults.IsUnavailable(e) ? new JobOutcome.HandBack(RetryAfter)
                : new JobOutcome.Fault(Failure.Of(e).Reason);
        }
    }

    /// <summary>Goes on with the trace of the request that asked for the work.</summary>
    private static Activity? Begin(EncodeJob? job) =>
        Telemetry.Spans.StartActivity("encode", ActivityKind.Consumer, ActivityContext.TryParse(job?.TraceParent, null, isRemote: true, out var asked) ? asked : default)
            ?.SetTag("hls_cache.key", job?.Key).SetTag("hls_cache.generation", job?.Generation).SetTag("hls_cache.attempt", job?.Attempt);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Job {Message} was interrupted and is handed back.")]
        public static partial void JobFailed(ILogger logger, string? message, Exception exception);

        [LoggerMessage(LogLevel.Error, "Job {Message} is given up after {Deliveries} deliveries: {Reason}")]
        public static partial void Hopeless(ILogger logger, string? message, long deliveries, string reason);

        [LoggerMessage(LogLevel.Information, "Ready for work: {Name}.")]
        public static partial void Ready(ILogger logger, string name);

        [LoggerMessage(LogLevel.Error, "Storage does not answer; a job that was being worked on reappears within a minute: {Cause}")]
        public static partial void LaneStopped(ILogger logger, string cause);

        [LoggerMessage(LogLevel.Error, "The queue does not answer; a job that was being worked on reappears within a minute.")]
        public static partial void LaneFailed(ILogger logger, Exception exception);
    }
}
