using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Security.Authentication;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Turns what the client gave up on into sentences, tells each once in the log, and remembers what is wrong. No sentence holds a key or token.</summary>
internal sealed partial class ServiceBusFaults(ServiceBusClient client, IOptions<QueueOptions> options, ILogger<ServiceBusFaults> logger)
{
    private readonly ConcurrentDictionary<string, string> faults = new(StringComparer.Ordinal);

    /// <summary>What was wrong when a queue was last used, in a sentence; null when all worked.</summary>
    public string? Current => faults.Values.FirstOrDefault();

    /// <summary>The service's name in sentences.</summary>
    public string Service => $"Service Bus {client.FullyQualifiedNamespace}";

    /// <summary>Does something with the queue. What the client gave up on is a <see cref="BusUnavailableException"/>.</summary>
    public async Task<T> WatchAsync<T>(string queue, Func<Task<T>> work)
    {
        try
        {
            var result = await work();
            if (faults.TryRemove(queue, out _) && faults.IsEmpty)
            {
                Log.Answers(logger, Service);
            }

            return result;
        }
        catch (Exception e) when (Of(e, queue) is { } fault)
        {
            throw Note(queue, fault);
        }
    }

    public Task WatchAsync(string queue, Func<Task> work) => WatchAsync(queue, async () =>
    {
        await work();
        return true;
    });

    /// <summary>Does what nothing depends on: a message that stays locked is seen again when its lock ends.</summary>
    public async Task TryAsync(string queue, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is OperationCanceledException || Of(e, queue) is not null)
        {
            Log.Passed(logger, queue, e.Message.Split('\n')[0]);
        }
    }

    private BusUnavailableException Note(string queue, BusUnavailableException fault)
    {
        if (!faults.Values.Contains(fault.Message, StringComparer.Ordinal))
        {
            Log.Fault(logger, fault.Message);
        }

        faults[queue] = fault.Message;
        return fault;
    }

    private BusUnavailableException? Of(Exception exception, string queue) => exception switch
    {
        ServiceBusException { Reason: ServiceBusFailureReason.MessagingEntityNotFound or ServiceBusFailureReason.MessagingEntityDisabled } e => new(
            $"{Service} has no queue {queue}: make it, as the deployment template does, or set Queue__Name.", isRefusal: true, e),
        UnauthorizedAccessException e => new(
            string.IsNullOrWhiteSpace(options.Value.ConnectionString)
                ? $"{Service} refuses this process's identity for the queue {queue}: give it the roles Azure Service Bus Data Sender and Azure Service Bus Data Receiver. ({Line(e)})"
                : $"{Service} refuses the key of Queue__ConnectionString for the queue {queue}: it is wrong, or lacks the right to send or to listen. ({Line(e)})",
            isRefusal: true,
            e),
        AuthenticationFailedException e => new(
            $"{Service} cannot be used: this process has no identity, or no token could be had for it: {Line(e)}", isRefusal: true, e),
        _ when Untrusted(exception) is { } e => new(
            $"{Service} cannot be trusted: {Line(e)} Check the host name, and the certificates of this machine.", isRefusal: true, e),
        ServiceBusException { Reason: ServiceBusFailureReason.ServiceTimeout } or TimeoutException => new(
            $"{Service} does not answer: it took too long. It is tried again.", isRefusal: false, exception),
        ServiceBusException or SocketException or IOException => new(
            $"{Service} does not answer: {Line(exception.GetBaseException())} It is tried again.", isRefusal: false, exception),
        _ => null,
    };

    private static AuthenticationException? Untrusted(Exception? exception) =>
        exception is null or AuthenticationException ? (AuthenticationException?)exception : Untrusted(exception.InnerException);

    private static string Line(Exception exception)
    {
        var line = exception.Message.Split('\n')[0].Trim();
        return line.EndsWith('.') ? line : line + '.';
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Fault}")]
        public static partial void Fault(ILogger logger, string fault);

        [LoggerMessage(LogLevel.Debug, "The queue {Queue} was left without a word: {Cause}")]
        public static partial void Passed(ILogger logger, string queue, string cause);

        [LoggerMessage(LogLevel.Information, "{Service} answers again.")]
        public static partial void Answers(ILogger logger, string service);
    }
}
