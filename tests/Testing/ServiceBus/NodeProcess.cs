using System.Diagnostics;
using System.Text.Json.Nodes;

namespace HlsCache.Testing.ServiceBus;

/// <summary>A script that takes one command a line and answers each with a line of JSON. It ends when its input does, and so with the tests.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan ExitLimit = TimeSpan.FromSeconds(5);

    private readonly Process process;
    private readonly SemaphoreSlim turn = new(1);

    public NodeProcess(string script, string argument) => process = Process.Start(new ProcessStartInfo("node", [Repository.Path($"tests/Testing/ServiceBus/{script}"), argument])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    public async Task<string> ReadAsync() =>
        await process.StandardOutput.ReadLineAsync().WaitAsync(Limit, CancellationToken.None) ?? throw new InvalidOperationException("The script ended.");

    public async Task<JsonObject> DoAsync(string command, JsonObject? options)
    {
        options ??= [];
        options["command"] = command;
        await turn.WaitAsync();
        try
        {
            await process.StandardInput.WriteLineAsync(options.ToJsonString());
            return JsonNode.Parse(await ReadAsync())!.AsObject();
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync().WaitAsync(ExitLimit, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            process.Kill();
        }

        process.Dispose();
        turn.Dispose();
    }
}
