using System.Collections.Concurrent;
using HlsCache.Core.Leases;
using HlsCache.Core.Lifecycle;

namespace HlsCache.Testing.InMemory;

public sealed class InMemoryMaintenanceStore(TimeProvider time) : IMaintenanceStore
{
    private readonly Lock gate = new();
    private readonly HashSet<string> running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> noted = new(StringComparer.Ordinal);

    public Task<ILease?> TryBeginAsync(string task, TimeSpan least, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (noted.TryGetValue(task, out var last) && last + least > time.GetUtcNow() || !running.Add(task))
            {
                return Task.FromResult<ILease?>(null);
            }

            noted[task] = time.GetUtcNow();
            return Task.FromResult<ILease?>(new Hold(this, task));
        }
    }

    public Task<DateTimeOffset?> FindAsync(string name, CancellationToken cancellationToken) =>
        Task.FromResult<DateTimeOffset?>(noted.TryGetValue(name, out var at) ? at : null);

    public Task NoteAsync(string name, CancellationToken cancellationToken)
    {
        noted[name] = time.GetUtcNow();
        return Task.CompletedTask;
    }

    private sealed class Hold(InMemoryMaintenanceStore store, string task) : ILease
    {
        public CancellationToken Lost => CancellationToken.None;

        public Task<bool> ConfirmAsync(CancellationToken cancellationToken) => Task.FromResult(true);

        public ValueTask DisposeAsync()
        {
            lock (store.gate)
            {
                store.running.Remove(task);
            }

            return ValueTask.CompletedTask;
        }
    }
}
