using System.Text;
using Azure.Messaging.ServiceBus;
using HlsCache.Core.Jobs;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Jobs as Service Bus messages: JSON that any client can read.</summary>
internal static class ServiceBusMessages
{
    private const char CopyMark = '~';

    // The service counts every delivery, also of what was handed back.
    private const string HandedBack = "handedBack";
    private static readonly TimeSpan LeastLife = TimeSpan.FromMinutes(1);

    public static ServiceBusMessage Of(EncodeJob job, TimeSpan timeToLive)
    {
        var message = new ServiceBusMessage(EncodeJob.Write(job)) { MessageId = job.MessageId(), ContentType = "application/json", TimeToLive = timeToLive };
        if (job.TraceParent is { } trace)
        {
            // The client's own names for it; it leaves alone what is there.
            message.ApplicationProperties["traceparent"] = trace;
            message.ApplicationProperties["Diagnostic-Id"] = trace;
        }

        return message;
    }

    /// <summary>The job of a message that any client sent; null when it holds none.</summary>
    public static EncodeJob? Job(ServiceBusReceivedMessage message)
    {
        var raw = message.GetRawAmqpMessage().Body;
        return raw.TryGetData(out _) ? EncodeJob.Read(message.Body)
            : raw.TryGetValue(out var value) && value is string text ? EncodeJob.Read(Encoding.UTF8.GetBytes(text))
            : value is byte[] bytes ? EncodeJob.Read(bytes)
            : null;
    }

    /// <summary>How often it was delivered, with this time, leaving out those that handed it back.</summary>
    public static long Deliveries(ServiceBusReceivedMessage message) =>
        message.DeliveryCount - (message.ApplicationProperties.GetValueOrDefault(HandedBack) is { } count ? Convert.ToInt64(count) : 0);

    /// <summary>What to note on a message that is handed back.</summary>
    public static Dictionary<string, object> OneMoreHandedBack(ServiceBusReceivedMessage message) =>
        new(StringComparer.Ordinal) { [HandedBack] = message.DeliveryCount - Deliveries(message) + 1 };

    /// <summary>The same message once more, to appear at that instant, under an id that duplicate detection does not know. Null when nothing is left of its life by then.</summary>
    public static ServiceBusMessage? CopyOf(ServiceBusReceivedMessage message, DateTimeOffset instant)
    {
        var isEndless = message.TimeToLive == TimeSpan.MaxValue;
        var left = isEndless ? TimeSpan.MaxValue : message.ExpiresAt - instant;
        if (left <= TimeSpan.Zero)
        {
            return null;
        }

        var copy = new ServiceBusMessage(message)
        {
            MessageId = $"{message.MessageId?.Split(CopyMark)[0]}{CopyMark}{Guid.NewGuid():n}",
            TimeToLive = left > LeastLife ? left : LeastLife,
            ScheduledEnqueueTime = instant,
        };
        copy.ApplicationProperties.Remove(HandedBack);
        return copy;
    }
}
