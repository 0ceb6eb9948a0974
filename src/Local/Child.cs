using System.Collections.Concurrent;
using System.Diagnostics;

namespace HlsCache.Local;

/// <summary>A process whose output is relayed line by line and which never outlives this one for long.</summary>
internal sealed class Child : IDisposable
{
    private const int TailLength = 10;

    // Longer than the guard takes: only matters when the guard itself was killed.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(12);

    private readonly Process process;
    private readonly string? readyMark;
    private readonly ConcurrentQueue<string> tail = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource exited = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Child(string name, ProcessStartInfo start, string? readyMark)
    {
        Name = name;
        this.readyMark = readyMark;
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Relay(line.Data);
        process.ErrorDataReceived += (_, line) => Relay(line.Data);
        process.Exited += (_, _) => exited.TrySetResult();
    }

    public string Name { get; }

    /// <summary>Completes once the child has printed its ready mark.</summary>
    public Task Ready => ready.Task;

    /// <summary>Completes once the process has ended; its last lines may still be on their way until <see cref="StopAsync"/>.</summary>
    public Task Exited => exited.Task;

    public string Obituary =>
        $"{Name} ended unexpectedly with exit code {process.ExitCode}. " + (tail.IsEmpty ? "It printed nothing." : $"Its last lines:\n{string.Join('\n', tail)}");

    public static Child Start(string name, IEnumerable<string> command, IEnumerable<(string Name, string Value)> settings, string? readyMark = null)
    {
        // A session of its own keeps the terminal's Ctrl-C away from the child: the order of the stop is ours.
        var start = new ProcessStartInfo("setsid", ["sh", Path.Combine(AppContext.BaseDirectory, "guard.sh"), .. command])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in settings)
        {
            start.Environment[variable] = value;
        }

        var child = new Child(name, start, readyMark);
        child.process.Start();
        child.process.BeginOutputReadLine();
        child.process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Lets the guard end the process and all that it started, and waits until none of them is left.</summary>
    public async Task StopAsync()
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        await using var _ = patience.Token.Register(Kill);
        // Ends with the output, which the guard and all descendants share.
        await process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Ends the process group at once, also what a process that is already dead has left behind in it.</summary>
    public void Kill()
    {
        using var kill = Process.Start("sh", ["-c", $"kill -s KILL -- -{process.Id} 2>/dev/null"]);
        kill.WaitForExit();
    }

    public void Dispose() => process.Dispose();

    private void Relay(string? line)
    {
        if (line is null)
        {
            return;
        }

        Console.WriteLine($"{Name} | {line}");
        tail.Enqueue(line);
        if (tail.Count > TailLength)
        {
            tail.TryDequeue(out string? _);
        }

        if (readyMark is not null && line.Contains(readyMark, StringComparison.Ordinal))
        {
            ready.TrySetResult();
        }
    }
}
