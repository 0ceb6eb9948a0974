using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using HlsCache.Core.Jobs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Queues;

/// <summary>Jobs in Storage queues. The message is JSON that any client can read.</summary>
internal sealed class StorageJobQueue(QueueServiceClient service, IOptions<QueueOptions> options, TimeProvider time, ILogger<StorageJobQueue> logger) : IJobQueue
{
    // How long a dead encoder's message stays hidden.
    private static readonly TimeSpan Invisible = TimeSpan.FromSeconds(60);

    // What a look that is under way may still take when nobody waits for it any more.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly QueueClient urgent = service.GetQueueClient(options.Value.NameOf(JobPriority.Urgent));
    private readonly QueueClient filling = service.GetQueueClient(options.Value.NameOf(JobPriority.Filling));
    private readonly QueueClient poison = service.GetQueueClient(PoisonName(options.Value));

    public static string PoisonName(QueueOptions options) => options.Name + "-poison";

    public Task SendAsync(EncodeJob job, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        (job.Priority == JobPriority.Filling ? filling : urgent)
            .SendMessageAsync(BinaryData.FromBytes(EncodeJob.Write(job)), timeToLive: timeToLive, cancellationToken: cancellationToken);

    public async Task<IReceivedJob> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if ((await LookAsync(urgent, cancellationToken) ?? await LookAsync(filling, cancellationToken)) is { } job)
            {
                return job;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(options.Value.PollMilliseconds), time, cancellationToken);
        }
    }

    // The service counts invisible messages too: those are being worked on.
    public async Task<int> DepthAsync(int enough, CancellationToken cancellationToken)
    {
        var counts = await Task.WhenAll(new[] { urgent, filling }.Select(q => q.GetPropertiesAsync(cancellationToken)));
        return counts.Sum(c => c.Value.ApproximateMessagesCount);
    }

    private async Task<StorageReceivedJob?> LookAsync(QueueClient queue, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var asked = time.GetTimestamp();
        // A look that is cut off may have taken a message, which would then be seen by nobody for a minute.
        using var end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var stopping = cancellationToken.Register(() => end.CancelAfter(Grace));
        if ((await queue.ReceiveMessageAsync(Invisible, end.Token)).Value is not { } message)
        {
            return null;
        }

        var job = new StorageReceivedJob(queue, poison, message, Invisible, asked, time, logger);
        if (cancellationToken.IsCancellationRequested)
        {
            await using (job)
            {
                await job.AbandonAsync(TimeSpan.Zero, end.Token);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        return job;
    }
}
