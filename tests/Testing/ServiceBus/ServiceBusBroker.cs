using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HlsCache.Testing.ServiceBus;

/// <summary>A broker in the shape of Service Bus, in a process of its own on a free port. It shares no line of AMQP with our client.</summary>
public sealed class ServiceBusBroker : IAsyncDisposable
{
    /// <summary>Name of the key that may do everything.</summary>
    public const string AllKey = "RootManageSharedAccessKey";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static int names;

    private readonly NodeProcess process;
    private readonly string secret;

    private ServiceBusBroker(NodeProcess process, string secret, int port) => (this.process, this.secret, Port) = (process, secret, port);

    public int Port { get; }

    /// <summary>What tokens of identities are signed with.</summary>
    public string JwtKey => secret;

    /// <summary>As of the emulator: plain TCP.</summary>
    public string ConnectionString => $"{TlsConnectionString}UseDevelopmentEmulator=true;";

    public string TlsConnectionString => $"Endpoint=sb://localhost:{Port}/;SharedAccessKeyName={AllKey};SharedAccessKey={secret};";

    /// <param name="certificate">Files of a certificate and its key, for TLS.</param>
    public static async Task<ServiceBusBroker> StartAsync((string Certificate, string Key)? certificate = null)
    {
        var secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var configuration = new JsonObject
        {
            ["keys"] = Keys(secret, "Send", "Listen"),
            ["jwtKey"] = secret,
            ["tls"] = certificate is var (cert, key) ? new JsonObject { ["cert"] = cert, ["key"] = key } : null,
        };
        var process = new NodeProcess("broker.js", configuration.ToJsonString());
        return new(process, secret, int.Parse(await process.ReadAsync(), CultureInfo.InvariantCulture));
    }

    /// <summary>Makes the two queues of a deployment, and returns the urgent one's name.</summary>
    public async Task<string> NewQueuesAsync(double lockSeconds = 30, int maxDeliveries = 10, double duplicateSeconds = 600)
    {
        var name = $"jobs{Interlocked.Increment(ref names)}";
        foreach (var queue in new[] { name, $"{name}-fill" })
        {
            await DoAsync("queue", new() { ["name"] = queue, ["lockSeconds"] = lockSeconds, ["maxDeliveries"] = maxDeliveries, ["duplicateSeconds"] = duplicateSeconds });
        }

        return name;
    }

    public async Task<QueueState> StateAsync(string queue) =>
        (await DoAsync("state", new() { ["name"] = queue })).Deserialize<QueueState>(JsonSerializerOptions.Web).ShouldNotBeNull();

    /// <summary>Waits until the queue is as it should be.</summary>
    public async Task<QueueState> BecomesAsync(string queue, Func<QueueState, bool> isSo)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            var state = await StateAsync(queue);
            if (isSo(state))
            {
                return state;
            }

            Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(Limit, state.ToString());
            await Task.Delay(20);
        }
    }

    /// <summary>Has the broker do one of the commands of <c>broker.js</c>.</summary>
    public Task<JsonObject> DoAsync(string command, JsonObject? options = null) => process.DoAsync(command, options);

    /// <summary>Takes all keys but one from the broker, which may do no more than this; none is as if it had been changed.</summary>
    public Task SetRightsAsync(params string[] rights) => DoAsync("keys", new() { ["keys"] = rights.Length == 0 ? Keys("another") : Keys(secret, rights) });

    /// <summary>All connections end, and nobody listens for a while.</summary>
    public async Task RestartAsync(TimeSpan down)
    {
        await DoAsync("stop");
        await Task.Delay(down);
        await DoAsync("start");
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private static JsonObject Keys(string secret, params string[] rights) =>
        new() { [AllKey] = new JsonObject { ["secret"] = secret, ["rights"] = new JsonArray([.. rights.Select(r => JsonValue.Create(r))]) } };
}
