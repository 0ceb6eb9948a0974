using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace HlsCache.EndToEnd.Tests.Deployed;

/// <summary>The deployed executable, started by <c>host.json</c> and asked as the Functions host does it.</summary>
internal sealed class Handler : IAsyncDisposable
{
    private readonly Process process = new();
    private readonly ConcurrentQueue<string> output = new();
    private readonly ConcurrentQueue<string> errors = new();

    private Handler(int port) => Port = port;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public int Port { get; }

    /// <summary>From the start of the process to its first answer.</summary>
    public TimeSpan Started { get; private set; }

    /// <summary>All that it has said.</summary>
    public string Log => string.Join('\n', output.Concat(errors));

    public string Errors => string.Join('\n', errors);

    /// <summary>Starts it and asks until it answers.</summary>
    public static async Task<Handler> StartAsync(string root, params (string Name, string Value)[] settings)
    {
        var handler = Launch(root, FreePort(), settings);
        var begun = Stopwatch.GetTimestamp();
        Reply? reply;
        while ((reply = await handler.PingAsync()) is null)
        {
            handler.process.HasExited.ShouldBeFalse(handler.Log);
            await Task.Delay(25, Token);
        }

        handler.Started = Stopwatch.GetElapsedTime(begun);
        reply.Status.ShouldBe(200);
        return handler;
    }

    /// <summary>Starts it where it is not to come to an answer.</summary>
    public static Handler Launch(string root, int port, params (string Name, string Value)[] settings)
    {
        using var host = JsonDocument.Parse(File.ReadAllBytes(Path.Join(root, "host.json")));
        var executable = host.RootElement.GetProperty("customHandler").GetProperty("description").GetProperty("defaultExecutablePath").GetString();
        var handler = new Handler(port);
        handler.process.StartInfo = new(Path.Join(root, executable))
        {
            UseShellExecute = false,
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}",
                ["FUNCTIONS_HTTPWORKER_PORT"] = $"{port}",
                ["FUNCTIONS_CUSTOMHANDLER_WORKER_ID"] = Guid.NewGuid().ToString(),
                ["FUNCTIONS_APP_ROOT_PATH"] = root,
                ["FUNCTIONS_WORKER_RUNTIME"] = "custom",
                // The host's own, which its children inherit.
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                // It brings its own runtime along.
                ["DOTNET_ROOT"] = "/nonexistent",
            },
        };
        foreach (var (name, value) in settings)
        {
            handler.process.StartInfo.Environment[name] = value;
        }

        handler.process.OutputDataReceived += (_, line) => handler.output.Enqueue(line.Data ?? "");
        handler.process.ErrorDataReceived += (_, line) => handler.errors.Enqueue(line.Data ?? "");
        handler.process.Start();
        handler.process.BeginOutputReadLine();
        handler.process.BeginErrorReadLine();
        return handler;
    }

    /// <summary>Sends the request as it stands, and reads the whole reply.</summary>
    public async Task<Reply> AskAsync(string request) => (await TryAskAsync(request)).ShouldNotBeNull(Log);

    public async Task<int> ExitAsync()
    {
        await process.WaitForExitAsync(Token);
        return process.ExitCode;
    }

    /// <summary>As kill -9 does.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    /// <summary>Below those that the system gives to whoever asks for any: nobody else gets it meanwhile, and no client that tries to connect to it gets itself.</summary>
    public static int FreePort()
    {
        while (true)
        {
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, RandomNumberGenerator.GetInt32(20_000, 32_000));
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Taken: another.
            }
        }
    }

    /// <summary>Null while it does not answer.</summary>
    private async Task<Reply?> PingAsync()
    {
        try
        {
            return await TryAskAsync($"GET / HTTP/1.1\r\nHost: 127.0.0.1:{Port}\r\n\r\n");
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Null while nobody listens.</summary>
    private async Task<Reply?> TryAskAsync(string request)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port, Token);
        }
        catch (SocketException)
        {
            return null;
        }

        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), Token);
        return await Reply.ReadAsync(stream, request.StartsWith("HEAD ", StringComparison.Ordinal), Token);
    }
}
