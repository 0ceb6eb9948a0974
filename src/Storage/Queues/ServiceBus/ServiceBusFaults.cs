using System.Net.Sockets;
using System.Security.Authentication;
using Amqp;
using Azure.Identity;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Turns what can go wrong on the wire into sentences. None of them holds a key or token.</summary>
internal static class ServiceBusFaults
{
    public static bool IsKnown(Exception exception) => exception is
        AmqpException or SocketException or IOException or AuthenticationException or TimeoutException or ObjectDisposedException or AuthenticationFailedException;

    public static ServiceBusException Of(Exception exception, ServiceBusEndpoint endpoint, string queue)
    {
        var bus = $"Service Bus {endpoint.Host}";
        return exception switch
        {
            ServiceBusException e => e,
            AmqpException { Error.Condition: { } condition } e => OfCondition(condition, e.Error.Description ?? "", bus, endpoint, queue, e),
            AuthenticationException e => new($"{bus} cannot be trusted: {Line(e.InnerException ?? e)} Check the host name, and the certificates of this machine.", isRefusal: true, e),
            AuthenticationFailedException e => new($"{bus} cannot be used: this process has no identity, or no token could be had for it: {Line(e)}", isRefusal: true, e),
            TimeoutException e => new($"{bus} does not answer: it took too long. It is tried again.", isRefusal: false, e),
            _ => new($"{bus} does not answer on port {endpoint.Port}: {Line(exception)} It is tried again.", isRefusal: false, exception),
        };
    }

    private static ServiceBusException OfCondition(string condition, string description, string bus, ServiceBusEndpoint endpoint, string queue, Exception inner) => condition switch
    {
        ErrorCode.NotFound or "com.microsoft:entity-not-found" => new(
            $"{bus} has no queue {queue}: make it, as the deployment template does, or set Queue__Name.", isRefusal: true, inner),
        ErrorCode.UnauthorizedAccess => new(
            endpoint.Key is not null
                ? $"{bus} refuses the key of Queue__ConnectionString for the queue {queue}: it is wrong, or lacks the right to send or to listen. ({Line(description)})"
                : $"{bus} refuses this process's identity for the queue {queue}: give it the roles Azure Service Bus Data Sender and Azure Service Bus Data Receiver. ({Line(description)})",
            isRefusal: true,
            inner),
        _ => new($"{bus} broke off: {Line($"{condition}: {description}")} It is tried again.", isRefusal: false, inner),
    };

    private static string Line(Exception exception) => Line(exception.Message);

    private static string Line(string text)
    {
        var line = text.Split('\n')[0].Trim();
        return line.EndsWith('.') ? line : line + '.';
    }
}
