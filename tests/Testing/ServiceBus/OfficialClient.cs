using System.Text.Json.Nodes;

namespace HlsCache.Testing.ServiceBus;

/// <summary>The official JavaScript client in a process of its own, which keeps our client and our broker from being wrong together.</summary>
public sealed class OfficialClient(ServiceBusBroker broker) : IAsyncDisposable
{
    private readonly NodeProcess process = new("sdk.js", broker.ConnectionString);

    /// <summary>Has it do one of the commands of <c>sdk.js</c>.</summary>
    public Task<JsonObject> TryAsync(string command, JsonObject options) => process.DoAsync(command, options);

    public async Task<JsonObject> DoAsync(string command, JsonObject options)
    {
        var answer = await TryAsync(command, options);
        answer["error"].ShouldBeNull(answer.ToJsonString());
        return answer;
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
