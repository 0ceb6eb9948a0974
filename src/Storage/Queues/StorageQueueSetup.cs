using Azure.Storage.Queues;
using HlsCache.Core.Jobs;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Queues;

/// <summary>The Storage queues: one for urgent work, one for other, one for what was moved aside.</summary>
internal sealed class StorageQueueSetup(QueueServiceClient service, IOptions<QueueOptions> options) : IQueueSetup
{
    public Task RunAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Names().Select(name => service.GetQueueClient(name).CreateIfNotExistsAsync(cancellationToken: cancellationToken)));

    public Task<string?> CheckAsync(CancellationToken cancellationToken) =>
        ServiceCheck.AskAsync("queue", "Storage Queue Data Contributor", service.GetQueuesAsync(cancellationToken: cancellationToken));

    private IEnumerable<string> Names() =>
        [options.Value.NameOf(JobPriority.Urgent), options.Value.NameOf(JobPriority.Filling), StorageJobQueue.PoisonName(options.Value)];
}
