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

    /// <summary>The same message once more, under an id of its own, since duplicate detection would swallow it under the old one.</summary>
    /// <param name="scheduled">When it is to appear; null for at once.</param>
    public static Message CopyOf(Message message, DateTimeOffset now, DateTimeOffset? scheduled)
    {
        var id = message.Properties?.GetMessageId()?.ToString()?.Split(CopyMark)[0];
        var copy = Of(Body(message) ?? [], $"{id}{CopyMark}{Guid.NewGuid():n}", Left(message, scheduled ?? now));
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

    private static Message Of(byte[] body, string id, TimeSpan timeToLive) => new()
    {
        Header = new() { Durable = true, Ttl = (uint)Math.Min(timeToLive.TotalMilliseconds, uint.MaxValue) },
        Properties = new() { MessageId = id, ContentType = "application/json" },
        ApplicationProperties = new(),
        BodySection = new Data { Binary = body },
    };

    /// <summary>What is left of the message's life at that instant. It counts from when the service took it.</summary>
    private static TimeSpan Left(Message message, DateTimeOffset instant)
    {
        if (message.Header is not { Ttl: > 0 } header)
        {
            return TimeSpan.MaxValue;
        }

        var life = TimeSpan.FromMilliseconds(header.Ttl);
        var left = Time(message, EnqueuedAt) is { } enqueued ? enqueued + life - instant : life;
        return left > LeastLife ? left : LeastLife;
    }

    private static DateTimeOffset? Time(Message message, Symbol name) =>
        message.MessageAnnotations?[name] is DateTime time ? new(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : null;
}
