using Amqp;
using Amqp.Framing;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Opens links and tells whether the service let them. The library itself does not wait for that.</summary>
internal static class Attaching
{
    public static async Task<SenderLink> SenderAsync(Session session, string address, CancellationToken cancellationToken)
    {
        var answer = NewAnswer();
        var link = new SenderLink(
            session, Name(address), new Target { Address = address }, (_, attach) => Take(answer, attach.Target is not null));
        return await OpenedAsync(link, answer, cancellationToken);
    }

    /// <param name="target">Where the service thinks that it sends to.</param>
    /// <param name="onMessage">Runs on the connection's thread for every message. None comes before there is credit.</param>
    public static async Task<ReceiverLink> ReceiverAsync(Session session, string address, string target, MessageCallback onMessage, CancellationToken cancellationToken)
    {
        var answer = NewAnswer();
        var attach = new Attach
        {
            Source = new Source { Address = address },
            Target = new Target { Address = target },
            SndSettleMode = SenderSettleMode.Unsettled,
            RcvSettleMode = ReceiverSettleMode.First,
        };
        var link = new ReceiverLink(session, Name(address), attach, (_, answered) => Take(answer, answered.Source is not null));
        link.Start(0, onMessage);
        return await OpenedAsync(link, answer, cancellationToken);
    }

    private static TaskCompletionSource NewAnswer() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A refusal is an answer without the other end, behind which comes the reason.
    private static void Take(TaskCompletionSource answer, bool isOpen)
    {
        if (isOpen)
        {
            answer.TrySetResult();
        }
    }

    private static async Task<T> OpenedAsync<T>(T link, TaskCompletionSource answer, CancellationToken cancellationToken)
        where T : Link
    {
        link.AddClosedCallback((_, error) => answer.TrySetException(new AmqpException(error ?? new Error(ErrorCode.DetachForced))));
        try
        {
            await answer.Task.WaitAsync(cancellationToken);
            return link;
        }
        catch
        {
            link.Close(TimeSpan.Zero);
            throw;
        }
    }

    private static string Name(string address) => $"{address}-{Guid.NewGuid():n}";
}
