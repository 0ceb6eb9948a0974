using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Azure.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>
/// One connection to Service Bus for all who use it, made when it is first needed and again, with back-off, whenever it broke. What is done through
/// it is confirmed by the service, or tried again for a while, or fails with a sentence.
/// </summary>
internal sealed partial class ServiceBusClient(
    IOptions<QueueOptions> options, TokenCredential credential, TimeProvider time, ILogger<ServiceBusClient> logger, ServiceBusTrust? trust = null) : IAsyncDisposable
{
    private static readonly TimeSpan StepLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(10);

    private readonly ServiceBusEndpoint endpoint = EndpointOf(options.Value);
    private readonly SemaphoreSlim turn = new(1);
    private readonly Backoff backoff = new();
    private readonly ConcurrentDictionary<string, string> faults = new(StringComparer.Ordinal);
    private ServiceBusConnection? current;
    private DateTimeOffset nextTry;
    private ServiceBusException? broken;

    /// <summary>What was wrong when a queue was last tried, in a sentence; null when all worked.</summary>
    public string? Fault => faults.Values.FirstOrDefault();

    /// <summary>The service's host name.</summary>
    public string Host => endpoint.Host;

    /// <summary>Returns when the queue has taken the message. One whose fate is unknown is sent again under its id, which makes it one message.</summary>
    /// <param name="message">Makes the message for each try.</param>
    public Task SendAsync(string queue, Func<Message> message, CancellationToken cancellationToken) => TryAsync(
        queue,
        async (connection, limit) =>
        {
            var link = await connection.SenderAsync(queue, limit);
            var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            link.Send(message(), (_, _, outcome, _) => Decide(taken, outcome), null);
            await taken.Task.WaitAsync(limit);
            Worked(queue);
            return true;
        },
        SendPatience,
        cancellationToken);

    /// <summary>Asks the queue's management node.</summary>
    /// <param name="link">On which the message came that it is about.</param>
    /// <param name="patience">How long to try while the service does not answer.</param>
    public Task<Answer> AskAsync(string queue, string operation, Func<Map> body, ReceiverLink? link, TimeSpan patience, CancellationToken cancellationToken) => TryAsync(
        queue,
        async (connection, limit) =>
        {
            var management = await connection.ManagementAsync(queue, limit);
            var properties = new Map { ["operation"] = $"com.microsoft:{operation}" };
            if (link is { IsClosed: false })
            {
                properties["associated-link-name"] = link.Name;
            }

            var answer = await management.AskAsync(properties, body(), limit);
            answer = answer.IsGone ? answer : answer.OrThrow();
            Worked(queue);
            return answer;
        },
        patience,
        cancellationToken);

    /// <summary>A link of the caller's own on which messages of the queue come.</summary>
    public Task<ReceiverLink> ReceiverAsync(string queue, MessageCallback onMessage, CancellationToken cancellationToken) =>
        TryAsync(queue, (connection, limit) => connection.ReceiverAsync(queue, onMessage, limit), TimeSpan.Zero, cancellationToken);

    /// <summary>Fails unless messages can be sent to the queue.</summary>
    public Task CheckSenderAsync(string queue, CancellationToken cancellationToken) =>
        TryAsync(queue, (connection, limit) => connection.SenderAsync(queue, limit), TimeSpan.Zero, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (current is not null)
        {
            await current.DisposeAsync();
        }

        turn.Dispose();
    }

    private async Task<T> TryAsync<T>(string queue, Func<ServiceBusConnection, CancellationToken, Task<T>> use, TimeSpan patience, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var pause = new Backoff();
        while (true)
        {
            using var step = new CancellationTokenSource(StepLimit, time);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(step.Token, cancellationToken);
            ServiceBusConnection? connection = null;
            try
            {
                connection = await ConnectAsync(patience - time.GetElapsedTime(begun), limit.Token);
                return await use(connection, limit.Token);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception e) when (ServiceBusFaults.IsKnown(e) || e is OperationCanceledException)
            {
                if (e is OperationCanceledException)
                {
                    // Open, as it seems, to an end that is not there any more.
                    connection?.Abandon();
                }

                var found = Note(queue, ServiceBusFaults.Of(e is OperationCanceledException ? new TimeoutException() : e, endpoint, queue));
                if (found.IsRefusal || time.GetElapsedTime(begun) >= patience)
                {
                    throw found;
                }
            }

            await Task.Delay(pause.Next(), time, cancellationToken);
        }
    }

    /// <param name="patience">How long to wait for the time of the next try.</param>
    private async Task<ServiceBusConnection> ConnectAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (current is { IsClosed: false })
            {
                return current;
            }

            if (current is not null)
            {
                var closed = current;
                // Whatever disposing it comes to, it is not to be met again.
                current = null;
                await closed.DisposeAsync();
            }

            if (nextTry - time.GetUtcNow() is { Ticks: > 0 } wait)
            {
                if (wait > patience && broken is not null)
                {
                    // Who does not wait that long is told what those who tried were told.
                    throw broken;
                }

                await Task.Delay(wait, time, cancellationToken);
            }

            nextTry = time.GetUtcNow() + backoff.Next();
            current = await ServiceBusConnection.OpenAsync(endpoint, new(endpoint.Key, credential, time), trust ?? new(null), time, logger, cancellationToken);
            broken = null;
            return current;
        }
        catch (Exception e) when (ServiceBusFaults.IsKnown(e))
        {
            throw broken = ServiceBusFaults.Of(e, endpoint, "$cbs");
        }
        finally
        {
            turn.Release();
        }
    }

    // Told once, however often it is met.
    private ServiceBusException Note(string queue, ServiceBusException found)
    {
        if (!faults.Values.Contains(found.Message, StringComparer.Ordinal))
        {
            Log.Fault(logger, found.Message);
        }

        faults[queue] = found.Message;
        return found;
    }

    // An open link is no proof: one that is closed again at once would be opened again at once, for ever.
    private void Worked(string queue)
    {
        backoff.Reset();
        if (faults.TryRemove(queue, out _) && faults.IsEmpty)
        {
            Log.Answers(logger, endpoint.Host);
        }
    }

    private static void Decide(TaskCompletionSource taken, Outcome outcome)
    {
        switch (outcome)
        {
            case Accepted:
                taken.TrySetResult();
                break;
            case Rejected { Error: { } error }:
                taken.TrySetException(new AmqpException(error));
                break;
            default:
                taken.TrySetException(new AmqpException(new Error(ErrorCode.MessageReleased) { Description = "The message was not taken." }));
                break;
        }
    }

    private static ServiceBusEndpoint EndpointOf(QueueOptions options) =>
        (string.IsNullOrWhiteSpace(options.ConnectionString) ? ServiceBusEndpoint.OfNamespace(options.Namespace!) : ServiceBusEndpoint.OfConnectionString(options.ConnectionString))!;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Fault}")]
        public static partial void Fault(ILogger logger, string fault);

        [LoggerMessage(LogLevel.Information, "Service Bus {Host} answers again.")]
        public static partial void Answers(ILogger logger, string host);
    }
}
