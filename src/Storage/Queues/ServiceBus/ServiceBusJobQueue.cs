using Azure.Messaging.ServiceBus;
using HlsCache.Core.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Jobs in two Service Bus queues, which push: nothing is polled.</summary>
internal sealed class ServiceBusJobQueue(
    ServiceBusClient client, ServiceBusFaults faults, IOptions<QueueOptions> options, TimeProvider time, ILogger<ServiceBusJobQueue> logger) : IJobQueue
{
    private const int Page = 250;

    // After the client's own tries, so that what cannot work is not tried in a hurry.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly ServiceBusSender urgent = client.CreateSender(options.Value.NameOf(JobPriority.Urgent));
    private readonly ServiceBusSender filling = client.CreateSender(options.Value.NameOf(JobPriority.Filling));
    private readonly ServiceBusReceiver[] lookers = [.. Enum.GetValues<JobPriority>().Select(p => client.CreateReceiver(options.Value.NameOf(p)))];

    public Task SendAsync(EncodeJob job, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        var sender = job.Priority == JobPriority.Filling ? filling : urgent;
        return faults.WatchAsync(sender.EntityPath, () => sender.SendMessageAsync(ServiceBusMessages.Of(job, timeToLive), cancellationToken));
    }

    public async Task<IReceivedJob> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (await NextAsync(cancellationToken) is { } job)
                {
                    return job;
                }
            }
            catch (BusUnavailableException)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    public async Task<int> DepthAsync(int enough, CancellationToken cancellationToken)
    {
        try
        {
            return (await Task.WhenAll(lookers.Select(l => faults.WatchAsync(l.EntityPath, () => CountAsync(l, enough, cancellationToken))))).Sum();
        }
        catch (BusUnavailableException e) when (e.IsRefusal)
        {
            // Whoever may send but not look can still play films; the log and the health of the app say what is missing.
            return 0;
        }
    }

    /// <summary>A job of the urgent queue while it has any. Null when none came for some minutes.</summary>
    private async Task<IReceivedJob?> NextAsync(CancellationToken cancellationToken)
    {
        await using var first = new Waiter(client, faults, urgent.EntityPath);
        await using var second = new Waiter(client, faults, filling.EntityPath);
        var urgentWork = first.WaitAsync();
        await Task.WhenAny(urgentWork, first.LookAsync()).WaitAsync(cancellationToken);
        if (!first.IsDone)
        {
            await Task.WhenAny(urgentWork, second.WaitAsync()).WaitAsync(cancellationToken);
        }

        // Either may be done at any moment: looked at once.
        var (waiter, sender) = first.IsDone ? (first, urgent) : (second, filling);
        return await waiter.TakeAsync() is var (receiver, message) ? new ServiceBusReceivedJob(receiver, sender, message, faults, time, logger) : null;
    }

    private static async Task<int> CountAsync(ServiceBusReceiver looker, int enough, CancellationToken cancellationToken)
    {
        var (count, next) = (0, 0L);
        while (count < enough && await looker.PeekMessagesAsync(Math.Min(Page, enough - count), next, cancellationToken) is { Count: > 0 } page)
        {
            count += page.Count;
            next = page[^1].SequenceNumber + 1;
        }

        return count;
    }
}
