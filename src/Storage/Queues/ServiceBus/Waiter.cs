using Azure.Messaging.ServiceBus;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>
/// Waits for one message of one queue, on a receiver of its own. Cancelling a wait leaves the receiver with credit, for a message that nobody waits
/// for; closing it takes the credit back and releases what came too late. So it is closed, unless the message was taken.
/// </summary>
internal sealed class Waiter(ServiceBusClient client, ServiceBusFaults faults, string queue) : IAsyncDisposable
{
    private static readonly TimeSpan Turn = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly ServiceBusReceiver receiver = client.CreateReceiver(queue);
    private readonly CancellationTokenSource stop = new();
    private Task<ServiceBusReceivedMessage?> waiting = Task.FromResult<ServiceBusReceivedMessage?>(null);
    private Task looking = Task.CompletedTask;
    private bool isTaken;

    public bool IsDone => waiting.IsCompleted;

    /// <summary>Ends when a message came, or none for some minutes, or nothing can come.</summary>
    public Task WaitAsync() => waiting = faults.WatchAsync(queue, async () => (ServiceBusReceivedMessage?)await receiver.ReceiveMessageAsync(Turn, stop.Token));

    /// <summary>Ends when what waited in the queue has come: the answer to a question that was put after the wait began.</summary>
    public Task LookAsync() => looking = faults.WatchAsync(queue, () => receiver.PeekMessageAsync(fromSequenceNumber: 0, stop.Token));

    /// <summary>The message that came, and what to settle it by, which is the caller's to close; null when none did.</summary>
    public async Task<(ServiceBusReceiver Receiver, ServiceBusReceivedMessage Message)?> TakeAsync()
    {
        if (await waiting is not { } message)
        {
            return null;
        }

        // Nothing that Service Bus would send, and nothing that could be settled.
        await faults.WatchAsync(queue, () => IsLocked(message)
            ? Task.CompletedTask
            : throw new ServiceBusException($"A message of {queue} came without a lock token.", ServiceBusFailureReason.GeneralError));
        isTaken = true;
        return (receiver, message);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(waiting, looking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!isTaken)
        {
            if (waiting is { IsCompletedSuccessfully: true, Result: { } late } && IsLocked(late))
            {
                await faults.TryAsync(queue, () => receiver.AbandonMessageAsync(late, ServiceBusMessages.OneMoreHandedBack(late), CancellationToken.None));
            }

            await CloseAsync(receiver, faults);
        }

        stop.Dispose();
    }

    /// <summary>Returns when no message can be on its way to the receiver any more; if that cannot be had, its lock ends by itself.</summary>
    public static async Task CloseAsync(ServiceBusReceiver receiver, ServiceBusFaults faults)
    {
        using var limit = new CancellationTokenSource(CloseLimit);
        await faults.TryAsync(receiver.EntityPath, () => receiver.CloseAsync(limit.Token));
    }

    private static bool IsLocked(ServiceBusReceivedMessage message) => Guid.TryParse(message.LockToken, out var token) && token != Guid.Empty;
}
