using HlsCache.Core.Jobs;
using HlsCache.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HlsCache.Encoder.Jobs;

/// <summary>Takes jobs from the queue, one at a time in each of its lanes, and settles them by their outcome.</summary>
public sealed partial class EncodeWorker(IJobQueue queue, JobHandler handler, IOptions<EncoderOptions> options, TimeProvider time, ILogger<EncodeWorker> logger) : BackgroundService
{
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
            case JobOutcome.GiveUp up:
                await job.DeadLetterAsync(up.Reason, up.Description, CancellationToken.None);
                break;
        }
    }

    /// <summary>What the job came to; a fault that nobody foresaw hands it back, and its attempt counts.</summary>
    /// <remarks>However an encoder that is stopping leaves a job, the next one has it at once.</remarks>
    private async Task<JobOutcome> OutcomeAsync(IReceivedJob job, CancellationToken stoppingToken)
    {
        try
        {
            return await handler.HandleAsync(job, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return new JobOutcome.HandBack(TimeSpan.Zero);
        }
        catch (Exception e)
        {
            Log.JobFailed(logger, job.Job?.MessageId(), e);
            return new JobOutcome.HandBack(stoppingToken.IsCancellationRequested ? TimeSpan.Zero : RetryAfter);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Job {Message} was interrupted and is handed back.")]
        public static partial void JobFailed(ILogger logger, string? message, Exception exception);

        [LoggerMessage(LogLevel.Information, "Ready for work: {Name}.")]
        public static partial void Ready(ILogger logger, string name);

        [LoggerMessage(LogLevel.Error, "Storage does not answer; a job that was being worked on reappears within a minute: {Cause}")]
        public static partial void LaneStopped(ILogger logger, string cause);

        [LoggerMessage(LogLevel.Error, "The queue does not answer; a job that was being worked on reappears within a minute.")]
        public static partial void LaneFailed(ILogger logger, Exception exception);
    }
}
