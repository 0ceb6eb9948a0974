using Amqp;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Where a Service Bus namespace listens, and the key to it unless it knows us by our identity.</summary>
internal sealed record ServiceBusEndpoint(string Host, int Port, bool UseTls, SharedKey? Key)
{
    private const int TlsPort = 5671;
    private const int PlainPort = 5672;

    public Address Address => new(Host, Port, path: "/", scheme: UseTls ? "amqps" : "amqp");

    /// <summary>Null when the text is no connection string with a key. The emulator's says that it speaks plain TCP.</summary>
    public static ServiceBusEndpoint? OfConnectionString(string text)
    {
        var parts = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2)
            .GroupBy(part => part[0], part => part[1], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase);
        if (!parts.TryGetValue("Endpoint", out var endpoint)
            || !parts.TryGetValue("SharedAccessKeyName", out var name) || name.Length == 0
            || !parts.TryGetValue("SharedAccessKey", out var secret) || secret.Length == 0)
        {
            return null;
        }

        var isEmulator = parts.TryGetValue("UseDevelopmentEmulator", out var emulator) && bool.TryParse(emulator, out var is_) && is_;
        return Of(endpoint, !isEmulator, new(name, secret));
    }

    /// <summary>Null when the text is no host name of a namespace.</summary>
    public static ServiceBusEndpoint? OfNamespace(string text) =>
        text.Contains('.', StringComparison.Ordinal) || text.StartsWith("localhost", StringComparison.Ordinal) ? Of($"sb://{text.Trim()}", useTls: true, key: null) : null;

    private static ServiceBusEndpoint? Of(string text, bool useTls, SharedKey? key) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri is { Scheme: "sb", Host.Length: > 0, AbsolutePath: "" or "/", UserInfo: "", Query: "" }
            ? new(uri.Host, uri.Port > 0 ? uri.Port : useTls ? TlsPort : PlainPort, useTls, key)
            : null;
}
