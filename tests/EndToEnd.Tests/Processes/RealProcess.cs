using System.Collections.Concurrent;
using System.Diagnostics;
using HlsCache.Testing;

namespace HlsCache.EndToEnd.Tests.Processes;

/// <summary>A real executable, which can be killed.</summary>
internal abstract class RealProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();

    /// <param name="project">The last part of its name.</param>
    /// <param name="settings">With : or __ between their parts.</param>
    protected RealProcess(string project, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var start = new ProcessStartInfo(Repository.Path($"artifacts/bin/HlsCache.{project}/release/HlsCache.{project}"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        process = new() { StartInfo = start };
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
    }

    /// <summary>All that it has said.</summary>
    public string Output => string.Join('\n', lines);

    /// <summary>Sends it a signal, as in <c>STOP</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        kill.ExitCode.ShouldBe(0);
    }

    /// <summary>Waits until it has said something.</summary>
    public async Task SaysAsync(string text)
    {
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            process.HasExited.ShouldBeFalse(Output);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>As kill -9 does; what it started is left to itself. Returns when all that it said has been heard.</summary>
    public virtual async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    public virtual async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    protected void Start()
    {
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    protected virtual void Hear(string line)
    {
    }

    private void Add(string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
            Hear(line);
        }
    }
}
