namespace HlsCache.Functions.Tests.Stage;

/// <summary>Holds every call to the stores until it is opened, so that calls made together can be told from calls made one after the other.</summary>
internal sealed class Gate
{
    private readonly Lock sync = new();
    private readonly List<string> held = [];
    private TaskCompletionSource opened = New();
    private TaskCompletionSource arrived = New();

    public Gate(StorageProbe probe) => probe.Before = call =>
    {
        lock (sync)
        {
            held.Add(call);
            arrived.SetResult();
            arrived = New();
            return opened.Task;
        }
    };

    /// <summary>Returns when exactly these calls are held; a star stands for any ending.</summary>
    public async Task HeldAsync(params string[] calls)
    {
        while (true)
        {
            Task next;
            string[] now;
            lock (sync)
            {
                (next, now) = (arrived.Task, [.. held]);
            }

            if (now.Length >= calls.Length)
            {
                now.Order(StringComparer.Ordinal).Zip(calls.Order(StringComparer.Ordinal)).ShouldAllBe(pair => Fits(pair.First, pair.Second));
                now.Length.ShouldBe(calls.Length);
                return;
            }

            await next.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    public void Open()
    {
        lock (sync)
        {
            held.Clear();
            opened.SetResult();
            opened = New();
        }
    }

    private static bool Fits(string call, string pattern) =>
        pattern.EndsWith('*') ? call.StartsWith(pattern[..^1], StringComparison.Ordinal) : call == pattern;

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
