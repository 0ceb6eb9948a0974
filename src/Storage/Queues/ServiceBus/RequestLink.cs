using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Questions to a node of the service that answers, such as <c>$cbs</c> or a queue's <c>$management</c>.</summary>
internal sealed class RequestLink
{
    private const int MostAnswers = 100;

    private readonly string replyTo = $"reply-{Guid.NewGuid():n}";
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Message>> asked = new(StringComparer.Ordinal);
    private SenderLink sender = null!;
    private ReceiverLink receiver = null!;

    private RequestLink()
    {
    }

    public bool IsClosed => sender.IsClosed || receiver.IsClosed;

    public static async Task<RequestLink> OpenAsync(Session session, string node, CancellationToken cancellationToken)
    {
        var link = new RequestLink();
        link.receiver = await Attaching.ReceiverAsync(session, node, link.replyTo, link.Answered, cancellationToken);
        link.sender = await Attaching.SenderAsync(session, node, cancellationToken);
        link.receiver.SetCredit(MostAnswers);
        link.receiver.AddClosedCallback(link.Closed);
        link.sender.AddClosedCallback(link.Closed);
        return link;
    }

    /// <summary>Waits for the answer, not for the question's acknowledgement, which some nodes never give.</summary>
    public async Task<Answer> AskAsync(Map properties, object body, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString("n");
        var answer = new TaskCompletionSource<Message>(TaskCreationOptions.RunContinuationsAsynchronously);
        asked[id] = answer;
        try
        {
            var question = new Message
            {
                Properties = new() { MessageId = id, ReplyTo = replyTo },
                ApplicationProperties = new(),
                BodySection = new AmqpValue { Value = body },
            };
            foreach (var (name, value) in properties)
            {
                question.ApplicationProperties[(string)name] = value;
            }

            sender.Send(question, null, null);
            return new(await answer.Task.WaitAsync(cancellationToken));
        }
        finally
        {
            asked.TryRemove(id, out _);
        }
    }

    private void Answered(IReceiverLink link, Message message)
    {
        link.Accept(message);
        if (message.Properties?.GetCorrelationId()?.ToString() is { } id && asked.TryGetValue(id, out var answer))
        {
            answer.TrySetResult(message);
        }
    }

    private void Closed(IAmqpObject link, Error? error)
    {
        foreach (var answer in asked.Values)
        {
            answer.TrySetException(new AmqpException(error ?? new Error(ErrorCode.DetachForced)));
        }
    }
}
