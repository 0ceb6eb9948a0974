using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>What a node of the service answered. <c>$cbs</c> and <c>$management</c> spell its status differently.</summary>
internal sealed class Answer(Message message)
{
    private const int Gone = 410;

    public int Status => Convert.ToInt32(Property("statusCode") ?? Property("status-code") ?? 0);

    public bool IsOk => Status is >= 200 and < 300;

    /// <summary>Whether there is no message that it could be about, or its lock is no longer ours.</summary>
    public bool IsGone => Status == Gone || Condition is "com.microsoft:message-lock-lost" or "com.microsoft:message-not-found";

    public Map? Body => message.Body as Map;

    private string? Condition => (Property("errorCondition") ?? Property("error-condition"))?.ToString();

    /// <summary>Throws unless it is a success.</summary>
    public Answer OrThrow() => IsOk ? this : throw new AmqpException(new Error(Condition ?? Status switch
    {
        401 => ErrorCode.UnauthorizedAccess,
        404 => ErrorCode.NotFound,
        _ => ErrorCode.InternalError,
    })
    {
        Description = $"{Status} {Property("statusDescription") ?? Property("status-description")}",
    });

    private object? Property(string name) => message.ApplicationProperties?[name];
}
