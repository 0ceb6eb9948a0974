using System.Collections.Concurrent;

namespace HlsCache.Functions.Tests.Stage;

/// <summary>Sees every call to the stores, in order, and can hold it up, fail it, or change the world around it.</summary>
internal sealed class StorageProbe
{
    private readonly ConcurrentQueue<string> calls = new();

    /// <summary>Runs before the call reaches the store.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs when the store has done it.</summary>
    public Func<string, Task> After { get; set; } = _ => Task.CompletedTask;

    public IReadOnlyList<string> Calls => [.. calls];

    public int Count(string call) => calls.Count(c => c == call);

    public void Forget() => calls.Clear();

    public async Task<T> SeeAsync<T>(string call, Func<Task<T>> store)
    {
        calls.Enqueue(call);
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
}
