using Azure.Messaging.ServiceBus;
using HlsCache.Core.Jobs;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Service Bus queues are made by the deployment, since rights to data do not allow it; here they are only looked at.</summary>
internal sealed class ServiceBusSetup(ServiceBusClient client, ServiceBusFaults faults, IOptions<QueueOptions> options) : IQueueSetup
{
    public Task RunAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var queue in Enum.GetValues<JobPriority>().Select(options.Value.NameOf))
            {
                await using var sender = client.CreateSender(queue);
                await using var receiver = client.CreateReceiver(queue);
                // Both open a link and send nothing.
                await faults.WatchAsync(queue, async () => (await sender.CreateMessageBatchAsync(cancellationToken)).Dispose());
                await faults.WatchAsync(queue, () => receiver.PeekMessageAsync(fromSequenceNumber: 0, cancellationToken));
            }

            return null;
        }
        catch (BusUnavailableException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException)
        {
            return faults.Current ?? $"{faults.Service} does not answer: it took too long.";
        }
    }
}
