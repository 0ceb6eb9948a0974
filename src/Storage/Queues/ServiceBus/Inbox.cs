using Amqp;
using Amqp.Framing;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>
/// One message of a queue at a time, as the service pushes it. Asking gives the service credit for one, and giving up takes it back; a message
/// that nobody waits for any more is released at once.
/// </summary>
internal sealed class Inbox
{
    private const int LockTokenBytes = 16;

    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private ReceiverLink link = null!;
    private TaskCompletionSource<Arrival>? waiting;
    private bool hasCredit;

    private Inbox(TimeProvider time) => this.time = time;

    public bool IsClosed => link.IsClosed;

    public static async Task<Inbox> OpenAsync(ServiceBusClient client, string queue, TimeProvider time, CancellationToken cancellationToken)
    {
        var inbox = new Inbox(time);
        inbox.link = await client.ReceiverAsync(queue, inbox.Arrived, cancellationToken);
        inbox.link.AddClosedCallback(inbox.Closed);
        return inbox;
    }

    /// <summary>The next message. Fails when the link breaks.</summary>
    public Task<Arrival> NextAsync()
    {
        lock (gate)
        {
            waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
            if (link.IsClosed)
            {
                waiting.SetException(Broken(link.Error));
            }
            else if (!hasCredit)
            {
                hasCredit = true;
                link.SetCredit(1, CreditMode.Manual);
            }

            return waiting.Task;
        }
    }

    /// <summary>Nobody waits any more, for <paramref name="next"/> least of all.</summary>
    public void GiveUp(Task<Arrival>? next)
    {
        lock (gate)
        {
            waiting = null;
            if (hasCredit && !link.IsClosed)
            {
                hasCredit = false;
                link.SetCredit(1, CreditMode.Drain);
            }
        }

        if (next is { IsCompletedSuccessfully: true, Result: var came })
        {
            came.Release();
        }

        // Looked at, so that its fault is nobody's surprise.
        _ = next?.Exception;
    }

    public void Close() => link.Close(TimeSpan.Zero);

    private void Arrived(IReceiverLink from, Message message)
    {
        var arrival = message.DeliveryTag is { Length: LockTokenBytes } tag ? new Arrival(link, message, new(tag), time.GetTimestamp()) : null;
        bool isTaken;
        // As a whole: whoever gives up must find it with himself or not at all.
        lock (gate)
        {
            hasCredit = false;
            isTaken = arrival is not null
                ? waiting?.TrySetResult(arrival) ?? false
                : waiting?.TrySetException(Broken(new(ErrorCode.InvalidField) { Description = "A delivery tag is not a lock token." })) ?? false;
            waiting = null;
        }

        if (arrival is null)
        {
            // Nothing that Service Bus would send, and nothing that could be settled.
            Close();
        }
        else if (!isTaken)
        {
            arrival.Release();
        }
    }

    private void Closed(IAmqpObject from, Error? error)
    {
        lock (gate)
        {
            waiting?.TrySetException(Broken(error));
        }
    }

    private static AmqpException Broken(Error? error) => new(error ?? new Error(ErrorCode.DetachForced) { Description = "The link was closed." });
}
