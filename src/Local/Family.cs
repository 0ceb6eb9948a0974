namespace HlsCache.Local;

/// <summary>All children: one that ends by itself ends the others.</summary>
internal sealed class Family : IDisposable
{
    private readonly List<Child> _children = [];
    private readonly CancellationTokenSource _died = new();
    private Child? _dead;

    /// <summary>Cancelled when a child ends without having been asked to.</summary>
    public CancellationToken Died => _died.Token;

    /// <summary>The child that ended first by itself.</summary>
    public Child? Dead => Volatile.Read(ref _dead);

    public Child Add(Child child)
    {
        _children.Add(child);
        _ = WatchAsync(child);
        return child;
    }

    /// <summary>Stops the first child last: it is the storage into which the others write to the end.</summary>
    public async Task StopAsync()
    {
        await Task.WhenAll(_children.Skip(1).Select(c => c.StopAsync()));
        await Task.WhenAll(_children.Take(1).Select(c => c.StopAsync()));
    }

    public void Kill() => _children.ForEach(c => c.Kill());

    public void Dispose()
    {
        _children.ForEach(c => c.Dispose());
        _died.Dispose();
    }

    private async Task WatchAsync(Child child)
    {
        await child.Exited;
        if (Interlocked.CompareExchange(ref _dead, child, null) is null)
        {
            await _died.CancelAsync();
        }
    }
}
