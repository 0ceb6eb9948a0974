using System.Text.Json;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using HlsCache.Core;
using HlsCache.Core.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Queues;

/// <summary>Jobs in a Storage queue. The message is JSON that any client can read.</summary>
internal sealed class StorageJobQueue(QueueServiceClient service, IOptions<QueueOptions> options, TimeProvider time, ILogger<StorageJobQueue> logger) : IJobQueue
{
    // How long a dead encoder's message stays hidden.
    private static readonly TimeSpan Invisible = TimeSpan.FromSeconds(60);

    private readonly QueueClient queue = service.GetQueueClient(options.Value.Name);
    private readonly QueueClient poison = service.GetQueueClient(PoisonName(options.Value));

    public static string PoisonName(QueueOptions options) => options.Name + "-poison";

    public Task SendAsync(EncodeJob job, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        queue.SendMessageAsync(JsonSerializer.Serialize(job, CoreJson.Default.EncodeJob), timeToLive: timeToLive, cancellationToken: cancellationToken);

    public async Task<IReceivedJob> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var asked = time.GetTimestamp();
            QueueMessage? message = await queue.ReceiveMessageAsync(Invisible, cancellationToken);
            if (message is not null)
            {
                return new StorageReceivedJob(queue, poison, message, Invisible, asked, time, logger);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(options.Value.PollMilliseconds), time, cancellationToken);
        }
    }

    // The service counts invisible messages too: those are being worked on.
    public async Task<int> DepthAsync(CancellationToken cancellationToken) => (await queue.GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount;
}
