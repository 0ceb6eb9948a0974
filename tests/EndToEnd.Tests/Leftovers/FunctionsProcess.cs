using System.Diagnostics;
using System.Threading.Channels;
using HlsCache.Testing;

namespace HlsCache.EndToEnd.Tests.Leftovers;

/// <summary>The function app's real executable, which can be killed.</summary>
internal sealed class FunctionsProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly Process process;
    private readonly Channel<string> addresses = Channel.CreateUnbounded<string>();

    private FunctionsProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; } = new();

    public static async Task<FunctionsProcess> StartAsync(IEnumerable<KeyValuePair<string, string?>> settings, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Repository.Path("artifacts/bin/HlsCache.Functions/release/HlsCache.Functions"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["ASPNETCORE_URLS"] = "http://127.0.0.1:0", ["Logging__LogLevel__Microsoft.Hosting.Lifetime"] = "Information" },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var app = new FunctionsProcess(new() { StartInfo = start });
        app.Client.BaseAddress = new(await app.addresses.Reader.ReadAsync(cancellationToken));
        return app;
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
        Client.Dispose();
    }

    private void Add(string? line)
    {
        if (line?.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
        {
            addresses.Writer.TryWrite(line[(at + Listening.Length)..].Trim());
        }
    }
}
