using Amqp.Types;
using HlsCache.Core.Jobs;
using Microsoft.Extensions.Logging;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>
/// A message under a lock that is renewed while this lives. It is settled by its lock token, on whatever connection there is by then, and the
/// service's answer is waited for; settling on the link, as is usual, is never answered.
/// </summary>
internal sealed partial class ServiceBusReceivedJob : IReceivedJob
{
    private const int MostReason = 4096;

    // Of the service: a lock lasts no longer.
    private static readonly TimeSpan MostLock = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LeastLock = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RenewalPatience = TimeSpan.FromSeconds(5);

    private readonly ServiceBusClient client;
    private readonly string queue;
    private readonly Arrival arrival;
    private readonly Action settled;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Renewal renewal;

    /// <param name="settled">Called when the service confirmed what became of the message.</param>
    public ServiceBusReceivedJob(ServiceBusClient client, string queue, Arrival arrival, Action settled, TimeProvider time, ILogger logger)
    {
        (this.client, this.queue, this.arrival, this.settled, this.time, this.logger) = (client, queue, arrival, settled, time, logger);
        Job = ServiceBusMessages.Body(arrival.Message) is { } body ? EncodeJob.Read(body) : null;
        var left = (ServiceBusMessages.LockEnd(arrival.Message) ?? DateTimeOffset.MinValue) - time.GetUtcNow();
        // The two clocks may differ.
        var granted = left < LeastLock ? LeastLock : left > MostLock ? MostLock : left;
        renewal = new($"message {Id}", RenewAsync, granted, arrival.Timestamp, time, logger);
    }

    public EncodeJob? Job { get; }

    public long Deliveries => ServiceBusMessages.Deliveries(arrival.Message);

    public CancellationToken Lost => renewal.Lost;

    private string? Id => arrival.Message.Properties?.GetMessageId()?.ToString();

    public Task CompleteAsync(CancellationToken cancellationToken) => SettleAsync("completed", cancellationToken);

    public Task FailAsync(CancellationToken cancellationToken) => SettleAsync("abandoned", cancellationToken);

    public Task DeadLetterAsync(string reason, string description, CancellationToken cancellationToken) => SettleAsync(
        "suspended", cancellationToken, ("deadletter-reason", Cut(reason)), ("deadletter-description", Cut(description)));

    public async Task AbandonAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        await renewal.DisposeAsync();
        if (delay <= TimeSpan.Zero)
        {
            // Keeps its place in the queue, but is not answered: the lock being gone is the answer. It takes another way, so it may overtake once.
            arrival.Release();
            if (!await RenewAsync(cancellationToken))
            {
                settled();
                return;
            }
        }

        if (!await RenewAsync(cancellationToken))
        {
            settled();
            return;
        }

        var now = time.GetUtcNow();
        DateTimeOffset? scheduled = delay > TimeSpan.Zero ? now + delay : null;
        if (ServiceBusMessages.LifeOfCopy(arrival.Message, scheduled ?? now) is not { } left)
        {
            await DeadLetterAsync("Expired", "The job was postponed beyond its time to live.", cancellationToken);
            return;
        }

        // Sent before the original goes: rather twice than not at all.
        var id = ServiceBusMessages.NewCopyId(arrival.Message);
        await client.SendAsync(queue, () => ServiceBusMessages.CopyOf(arrival.Message, id, left, scheduled), cancellationToken);
        await CompleteAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => renewal.DisposeAsync();

    private async Task SettleAsync(string disposition, CancellationToken cancellationToken, params (string Name, string Value)[] details)
    {
        await renewal.DisposeAsync();
        var answer = await client.AskAsync(queue, "update-disposition", Body, arrival.Link, Patience, cancellationToken);
        if (answer.IsGone)
        {
            Log.Void(logger, Id, disposition);
        }

        // The link still holds it for unsettled.
        arrival.Release();
        settled();

        Map Body()
        {
            var body = Locks();
            body["disposition-status"] = disposition;
            foreach (var (name, value) in details)
            {
                body[name] = value;
            }

            return body;
        }
    }

    private async Task<bool> RenewAsync(CancellationToken cancellationToken) =>
        !(await client.AskAsync(queue, "renew-lock", Locks, arrival.Link, RenewalPatience, cancellationToken)).IsGone;

    private Map Locks() => new() { ["lock-tokens"] = new[] { arrival.LockToken } };

    private static string Cut(string text) => text.Length > MostReason ? text[..MostReason] : text;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Message {Id} could not be {Disposition}: its lock was lost, and another encoder has it.")]
        public static partial void Void(ILogger logger, string? id, string disposition);
    }
}
