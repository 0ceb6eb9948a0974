using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;
using HlsCache.Testing;

namespace HlsCache.EndToEnd.Tests.Soak;

/// <summary>The encoder's real executable, which can be killed.</summary>
internal sealed class EncoderProcess : IAsyncDisposable
{
    private const string Mark = ": encoded ";

    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly Channel<string> encoded = Channel.CreateUnbounded<string>();

    private EncoderProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', lines);

    /// <summary>Names of the segments in the order in which they come out of ffmpeg.</summary>
    public ChannelReader<string> Encoded => encoded.Reader;

    public static EncoderProcess Start(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var start = new ProcessStartInfo(Repository.Path("artifacts/bin/HlsCache.Encoder/release/HlsCache.Encoder"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["Logging__LogLevel__HlsCache.Encoder"] = "Debug" },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new(new() { StartInfo = start });
    }

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

    /// <summary>As kill -9 does; what it started is left to itself.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        // Also until all that it said has been read.
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        encoded.Writer.TryComplete();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
            if (line.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at)
            {
                encoded.Writer.TryWrite(line[(at + Mark.Length)..].TrimEnd('.'));
            }
        }
    }
}
