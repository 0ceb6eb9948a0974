using System.Collections.Concurrent;

namespace HlsCache.Functions.Tests.Stage;

/// <summary>Sees every call to the stores, in order, and can hold it up, fail it, or change the world around it.</summary>
internal sealed class StorageProbe
{
    private readonly ConcurrentQueue<string> calls = new();
    private TaskCompletionSource changed = New();

    /// <summary>Runs before the call reaches the store.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs when the store has done it.</summary>
    public Func<string, Task> After { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<string> Calls => [.. calls];

    public int Count(string call) => calls.Count(c => c == call);

    /// <summary>Returns when such a call has been seen.</summary>
    public async Task SeesAsync(string call)
    {
        while (true)
        {
            var next = Volatile.Read(ref changed).Task;
            if (calls.Contains(call, StringComparer.Ordinal))
            {
                return;
            }

            await next.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        }
    }

    public void Forget() => calls.Clear();

    public async Task<T> SeeAsync<T>(string call, Func<Task<T>> store)
    {
        calls.Enqueue(call);
        Interlocked.Exchange(ref changed, New()).SetResult();
        await Before(call);
        var result = await store();
        await After(call);
        return result;
    }

    public Task SeeAsync(string call, Func<Task> store) => SeeAsync(call, async () =>
    {
        await store();
        return true;
    });

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
