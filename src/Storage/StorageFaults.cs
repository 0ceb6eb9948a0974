using System.Net.Sockets;
using Azure;
using HlsCache.Storage.Queues.ServiceBus;

namespace HlsCache.Storage;

/// <summary>Tells faults of the storage service from faults of ours.</summary>
public static class StorageFaults
{
    /// <summary>Whether the service did not answer, was throttling, or failed; trying again later may help.</summary>
    public static bool IsUnavailable(Exception exception) => exception switch
    {
        RequestFailedException { Status: 0 or 429 or >= 500 } => true,
        // What the client gave up on after its own retries, a time-out of its network among them.
        AggregateException many => many.InnerExceptions.All(e => IsUnavailable(e) || e is TaskCanceledException or IOException),
        HttpRequestException or SocketException or TimeoutException or ServiceBusException => true,
        _ => false,
    };
}
