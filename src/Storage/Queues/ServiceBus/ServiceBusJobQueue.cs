using System.Collections.Concurrent;
using Amqp;
using HlsCache.Core.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Jobs in two Service Bus queues, which push: nothing is polled.</summary>
internal sealed partial class ServiceBusJobQueue(ServiceBusClient client, IOptions<QueueOptions> options, TimeProvider time, ILogger<ServiceBusJobQueue> logger)
    : IJobQueue, IAsyncDisposable
{
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentBag<Lane> idle = [];
    private readonly Backoff backoff = new();

    public Task SendAsync(EncodeJob job, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        client.SendAsync(options.Value.NameOf(job.Priority), () => ServiceBusMessages.Of(job, timeToLive), cancellationToken);

    public async Task<IReceivedJob> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var begun = time.GetTimestamp();
            try
            {
                return await NextAsync(cancellationToken);
            }
            catch (Exception e) when (ServiceBusFaults.IsKnown(e) && !cancellationToken.IsCancellationRequested)
            {
                if (e is not ServiceBusException)
                {
                    Log.Dropped(logger, e.Message.Split('\n')[0]);
                }

                if (time.GetElapsedTime(begun) > Steady)
                {
                    backoff.Reset();
                }
            }

            await Task.Delay(backoff.Next(), time, cancellationToken);
        }
    }

    public async Task<int> DepthAsync(int enough, CancellationToken cancellationToken)
    {
        try
        {
            var counts = await Task.WhenAll(Enum.GetValues<JobPriority>().Select(p => Peeking.CountAsync(client, options.Value.NameOf(p), enough, cancellationToken)));
            return counts.Sum();
        }
        catch (ServiceBusException e) when (e.IsRefusal)
        {
            // Whoever may send but not look can still play films; the log and the health of the app say what is missing.
            return 0;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(CloseLimit, time);
        foreach (var lane in idle.Where(l => !l.IsClosed))
        {
            try
            {
                await lane.CloseAsync(limit.Token);
            }
            catch (Exception e) when (ServiceBusFaults.IsKnown(e) || e is OperationCanceledException)
            {
                Log.NotDrained(logger, e.Message.Split('\n')[0]);
            }
        }
    }

    private async Task<IReceivedJob> NextAsync(CancellationToken cancellationToken)
    {
        var lane = Rest() ?? await Lane.OpenAsync(client, options.Value, time, cancellationToken);
        try
        {
            var (queue, arrival) = await lane.NextAsync(cancellationToken);
            return new ServiceBusReceivedJob(client, queue, arrival, backoff.Reset, time, logger);
        }
        finally
        {
            idle.Add(lane);
        }
    }

    private Lane? Rest()
    {
        while (idle.TryTake(out var lane))
        {
            if (!lane.IsClosed)
            {
                return lane;
            }

            lane.Close();
        }

        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Service Bus dropped the wait for work, which begins again: {Cause}")]
        public static partial void Dropped(ILogger logger, string cause);

        [LoggerMessage(LogLevel.Warning, "A message may be on its way here, and reappears when its lock ends: {Cause}")]
        public static partial void NotDrained(ILogger logger, string cause);
    }
}
