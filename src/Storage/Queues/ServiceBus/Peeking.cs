using System.Collections;
using Amqp.Types;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Looks at a queue's messages without taking them: also at those that are locked or come later.</summary>
internal static class Peeking
{
    private const int Page = 250;

    // A viewer waits for the number.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>How many messages there are; past <paramref name="enough"/> it is not counted on.</summary>
    public static async Task<int> CountAsync(ServiceBusClient client, string queue, int enough, CancellationToken cancellationToken)
    {
        var (count, next) = (0, 0L);
        while (count < enough)
        {
            var numbers = await PeekAsync(client, queue, next, Math.Min(Page, enough - count), Patience, cancellationToken);
            if (numbers.Count == 0)
            {
                break;
            }

            count += numbers.Count;
            next = numbers[^1] + 1;
        }

        return count;
    }

    /// <summary>Looks at one message, so that an answer has come from the queue.</summary>
    public static Task TouchAsync(ServiceBusClient client, string queue, CancellationToken cancellationToken) =>
        PeekAsync(client, queue, from: 0, count: 1, TimeSpan.Zero, cancellationToken);

    private static async Task<List<long>> PeekAsync(ServiceBusClient client, string queue, long from, int count, TimeSpan patience, CancellationToken cancellationToken)
    {
        var answer = await client.AskAsync(
            queue, "peek-message", () => new() { ["from-sequence-number"] = from, ["message-count"] = count }, null, patience, cancellationToken);
        return answer.Body?["messages"] is IEnumerable messages ? [.. messages.OfType<Map>().Select(Number)] : [];
    }

    private static long Number(Map peeked)
    {
        var bytes = (byte[])peeked["message"];
        var message = Amqp.Message.Decode(new(bytes, 0, bytes.Length, bytes.Length));
        return (long)message.MessageAnnotations[new Symbol("x-opt-sequence-number")];
    }
}
