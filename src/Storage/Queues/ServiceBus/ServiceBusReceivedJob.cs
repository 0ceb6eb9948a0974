using Azure.Messaging.ServiceBus;
using HlsCache.Core.Jobs;
using Microsoft.Extensions.Logging;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>A message under a lock that is renewed while this lives.</summary>
internal sealed partial class ServiceBusReceivedJob : IReceivedJob
{
    private const int MostReason = 4096;

    // Of the service: a lock lasts no longer.
    private static readonly TimeSpan MostLock = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LeastLock = TimeSpan.FromSeconds(1);

    private readonly ServiceBusReceiver receiver;
    private readonly ServiceBusSender sender;
    private readonly ServiceBusReceivedMessage message;
    private readonly ServiceBusFaults faults;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Renewal renewal;
    private bool isGone;

    /// <param name="receiver">Brought the message, and nobody else's.</param>
    /// <param name="sender">For copies.</param>
    public ServiceBusReceivedJob(
        ServiceBusReceiver receiver, ServiceBusSender sender, ServiceBusReceivedMessage message, ServiceBusFaults faults, TimeProvider time, ILogger logger)
    {
        (this.receiver, this.sender, this.message, this.faults, this.time, this.logger) = (receiver, sender, message, faults, time, logger);
        Job = ServiceBusMessages.Job(message);
        var left = message.LockedUntil - time.GetUtcNow();
        // The two clocks may differ.
        var granted = left < LeastLock ? LeastLock : left > MostLock ? MostLock : left;
        renewal = new($"message {message.MessageId}", RenewAsync, granted, time.GetTimestamp(), time, logger);
    }

    public EncodeJob? Job { get; }

    public long Deliveries => ServiceBusMessages.Deliveries(message);

    public CancellationToken Lost => renewal.Lost;

    public Task CompleteAsync(CancellationToken cancellationToken) =>
        SettleAsync("completed", () => receiver.CompleteMessageAsync(message, cancellationToken), cancellationToken);

    public Task FailAsync(CancellationToken cancellationToken) =>
        SettleAsync("abandoned", () => receiver.AbandonMessageAsync(message, cancellationToken: cancellationToken), cancellationToken);

    public Task DeadLetterAsync(string reason, string description, CancellationToken cancellationToken) => SettleAsync(
        "moved aside", () => receiver.DeadLetterMessageAsync(message, Cut(reason), Cut(description), cancellationToken), cancellationToken);

    public async Task AbandonAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        if (delay <= TimeSpan.Zero)
        {
            await SettleAsync(
                "handed back", () => receiver.AbandonMessageAsync(message, ServiceBusMessages.OneMoreHandedBack(message), cancellationToken), cancellationToken);
        }
        else if (ServiceBusMessages.CopyOf(message, time.GetUtcNow() + delay) is not { } copy)
        {
            await DeadLetterAsync("Expired", "The job was postponed beyond its time to live.", cancellationToken);
        }
        else if (await RenewAsync(cancellationToken))
        {
            // Sent before the original goes: rather twice than not at all.
            await faults.WatchAsync(sender.EntityPath, () => sender.SendMessageAsync(copy, cancellationToken));
            await CompleteAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await renewal.DisposeAsync();
        await Waiter.CloseAsync(receiver, faults);
    }

    // The client calls a lock lost also when the link broke that brought the message. If it can be renewed it is ours, and the next try goes another way.
    private async Task SettleAsync(string how, Func<Task> settle, CancellationToken cancellationToken)
    {
        await renewal.DisposeAsync();
        isGone = isGone || !(await TryAsync(settle) || (await RenewAsync(cancellationToken) && await TryAsync(settle)));
        if (isGone)
        {
            Log.Void(logger, message.MessageId, how);
        }
    }

    private async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        isGone = isGone || !await TryAsync(() => receiver.RenewMessageLockAsync(message, cancellationToken));
        return !isGone;
    }

    // False when the lock is lost.
    private Task<bool> TryAsync(Func<Task> work) => faults.WatchAsync(receiver.EntityPath, async () =>
    {
        try
        {
            await work();
            return true;
        }
        catch (ServiceBusException e) when (e.Reason is ServiceBusFailureReason.MessageLockLost or ServiceBusFailureReason.MessageNotFound)
        {
            return false;
        }
    });

    private static string Cut(string text) => text.Length > MostReason ? text[..MostReason] : text;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Message {Id} could not be {How}: its lock was lost, and another encoder has it.")]
        public static partial void Void(ILogger logger, string id, string how);
    }
}
