using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using HlsCache.Testing;

namespace HlsCache.Local.Tests;

/// <summary>
/// What <c>./run</c> starts once it has built: the launcher in a process of its own. The build is left out, since it would write where the tests
/// are running from.
/// </summary>
internal sealed class RunningLauncher : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private RunningLauncher(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', lines);

    public static RunningLauncher Start(params IEnumerable<string> arguments) => new(new()
    {
        StartInfo = new("dotnet", [Repository.Path("artifacts/bin/HlsCache.Local/release/HlsCache.Local.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        },
    });

    public async Task ReadyAsync()
    {
        var ended = process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await Task.WhenAny(ready.Task, ended).WaitAsync(Patience, TestContext.Current.CancellationToken);
        ready.Task.IsCompleted.ShouldBeTrue(Output);
    }

    /// <summary>The launcher's descendants: those in sessions of their own too.</summary>
    public IReadOnlyList<int> Descendants()
    {
        var parents = Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture)).Select(id => (Id: id, Parent: Stat(id)?.Parent)).ToList();
        List<int> found = [process.Id];
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(parents.Where(p => p.Parent == found[i]).Select(p => p.Id));
        }

        return found[1..];
    }

    /// <summary>Whether the process runs; one that is dead and waits to be reaped does not.</summary>
    public static bool Runs(int id) => Stat(id) is { State: not 'Z' };

    public static void Signal(int id, string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public void Signal(string signal) => Signal(process.Id, signal);

    public async Task<int> ExitAsync(TimeSpan limit)
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(limit, TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        // The guards of its children notice and end them.
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is not null)
        {
            lines.Enqueue(line);
            if (line.StartsWith("Ready: ", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        }
    }

    private static (char State, int Parent)? Stat(int id)
    {
        try
        {
            // "id (name) state parent ...", where the name may contain anything.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
