namespace HlsCache.Local;

/// <summary>All children: one that ends by itself ends the others.</summary>
internal sealed class Family : IDisposable
{
    private readonly List<Child> children = [];
    private readonly CancellationTokenSource died = new();
    private Child? dead;

    /// <summary>Cancelled when a child ends without having been asked to.</summary>
    public CancellationToken Died => died.Token;

    /// <summary>The child that ended first by itself.</summary>
    public Child? Dead => Volatile.Read(ref dead);

    public Child Add(Child child)
    {
        children.Add(child);
        _ = WatchAsync(child);
        return child;
    }

    /// <summary>Stops the first child last: it is the storage into which the others write to the end.</summary>
    public async Task StopAsync()
    {
        await Task.WhenAll(children.Skip(1).Select(c => c.StopAsync()));
        await Task.WhenAll(children.Take(1).Select(c => c.StopAsync()));
    }

    public void Kill() => children.ForEach(c => c.Kill());

    public void Dispose()
    {
        children.ForEach(c => c.Dispose());
        died.Dispose();
    }

    private async Task WatchAsync(Child child)
    {
        await child.Exited;
        if (Interlocked.CompareExchange(ref dead, child, null) is null)
        {
            await died.CancelAsync();
        }
    }
}
