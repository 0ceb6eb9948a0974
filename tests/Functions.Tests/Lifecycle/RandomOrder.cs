namespace HlsCache.Functions.Tests.Lifecycle;

/// <summary>Runs asynchronous work on one thread, choosing by chance which continuation comes next: every run is another interleaving, and each can be repeated by its seed.</summary>
internal sealed class RandomOrder(Random random) : SynchronizationContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<(SendOrPostCallback Continue, object? State)> ready = [];

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (ready)
        {
            ready.Add((d, state));
            Monitor.Pulse(ready);
        }
    }

    /// <param name="afterEach">Runs after each step of the work.</param>
    public void Run(Func<Task> work, Action afterEach)
    {
        var previous = Current;
        SetSynchronizationContext(this);
        try
        {
            var all = work();
            while (!all.IsCompleted)
            {
                var (next, state) = Take();
                next(state);
                afterEach();
            }

            all.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(previous);
        }
    }

    private (SendOrPostCallback Continue, object? State) Take()
    {
        lock (ready)
        {
            while (ready.Count == 0)
            {
                if (!Monitor.Wait(ready, Patience))
                {
                    throw new TimeoutException("The work waits for something that never comes.");
                }
            }

            var index = random.Next(ready.Count);
            var taken = ready[index];
            ready.RemoveAt(index);
            return taken;
        }
    }
}
