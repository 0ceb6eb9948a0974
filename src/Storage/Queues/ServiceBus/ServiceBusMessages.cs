using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using HlsCache.Core.Jobs;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Jobs as Service Bus messages: JSON that any client can read.</summary>
internal static class ServiceBusMessages
{
    private const char CopyMark = '~';
    private static readonly Symbol EnqueueAt = new("x-opt-scheduled-enqueue-time");
    private static readonly Symbol EnqueuedAt = new("x-opt-enqueued-time");
    private static readonly Symbol LockedUntil = new("x-opt-locked-until");
    private static readonly TimeSpan LeastLife = TimeSpan.FromMinutes(1);

    public static Message Of(EncodeJob job, TimeSpan timeToLive)
    {
        var message = Of(EncodeJob.Write(job), job.MessageId(), timeToLive);
        if (job.TraceParent is { } trace)
        {
            message.ApplicationProperties["traceparent"] = trace;
            message.ApplicationProperties["Diagnostic-Id"] = trace;
        }

        return message;
    }

    /// <summary>An id for a copy of the message, which duplicate detection would swallow under the old one.</summary>
    public static string NewCopyId(Message message) => $"{message.Properties?.GetMessageId()?.ToString()?.Split(CopyMark)[0]}{CopyMark}{Guid.NewGuid():n}";

    /// <summary>The same message once more.</summary>
    /// <param name="scheduled">When it is to appear; null for at once.</param>
    public static Message CopyOf(Message message, string id, TimeSpan timeToLive, DateTimeOffset? scheduled)
    {
        var copy = Of(Body(message) ?? [], id, timeToLive);
        foreach (var (name, value) in message.ApplicationProperties?.Map ?? [])
        {
            copy.ApplicationProperties[(string)name] = value;
        }

        if (scheduled is { } at)
        {
            copy.MessageAnnotations = new() { [EnqueueAt] = at.UtcDateTime };
        }

        return copy;
    }

    /// <summary>The text of a message that any client sent; null when it has none.</summary>
    public static byte[]? Body(Message message) => message.BodySection switch
    {
        Data data => data.Binary,
        AmqpValue { Value: string text } => Encoding.UTF8.GetBytes(text),
        AmqpValue { Value: byte[] bytes } => bytes,
        _ => null,
    };

    /// <summary>How often it was delivered, with this time. The service counts those before it.</summary>
    public static long Deliveries(Message message) => (message.Header?.DeliveryCount ?? 0) + 1;

    public static DateTimeOffset? LockEnd(Message message) => Time(message, LockedUntil);

    /// <summary>How long a copy that appears at that instant is to live, as life counts from when the service took the message; null when that is over.</summary>
    public static TimeSpan? LifeOfCopy(Message message, DateTimeOffset instant)
    {
        if (message.Header is not { Ttl: > 0 } header)
        {
            return TimeSpan.MaxValue;
        }

        var life = TimeSpan.FromMilliseconds(header.Ttl);
        var left = Time(message, EnqueuedAt) is { } enqueued ? enqueued + life - instant : life;
        return left <= TimeSpan.Zero ? null : left > LeastLife ? left : LeastLife;
    }

    private static Message Of(byte[] body, string id, TimeSpan timeToLive) => new()
    {
        Header = new() { Durable = true, Ttl = (uint)Math.Min(timeToLive.TotalMilliseconds, uint.MaxValue) },
        Properties = new() { MessageId = id, ContentType = "application/json" },
        ApplicationProperties = new(),
        BodySection = new Data { Binary = body },
    };

    private static DateTimeOffset? Time(Message message, Symbol name) =>
        message.MessageAnnotations?[name] is DateTime time ? new(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : null;
}
