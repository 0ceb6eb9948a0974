using HlsCache.Core.Jobs;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Service Bus queues are made by the deployment, since rights to data do not allow it; here they are only looked at.</summary>
internal sealed class ServiceBusSetup(ServiceBusClient client, IOptions<QueueOptions> options) : IQueueSetup
{
    public Task RunAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<string?> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var queue in Enum.GetValues<JobPriority>().Select(options.Value.NameOf))
            {
                await client.CheckSenderAsync(queue, cancellationToken);
                await Peeking.TouchAsync(client, queue, cancellationToken);
            }

            return null;
        }
        catch (ServiceBusException e)
        {
            return e.Message;
        }
        catch (OperationCanceledException)
        {
            return client.Fault ?? $"Service Bus {client.Host} does not answer: it took too long.";
        }
    }
}
