using HlsCache.Core.Entries;
using HlsCache.Core.Leases;

namespace HlsCache.Testing.InMemory;

internal sealed class InMemoryLease(InMemoryLeaseStore store, GenerationId id, string name) : ILease
{
    private readonly CancellationTokenSource lost = new();
    private ITimer? timer;

    public GenerationId Id { get; } = id;

    public string Name { get; } = name;

    public DateTimeOffset Expires { get; set; } = DateTimeOffset.MaxValue;

    public CancellationToken Lost => lost.Token;

    public async Task<bool> ConfirmAsync(CancellationToken cancellationToken)
    {
        var holds = store.Holds(this);
        if (!holds)
        {
            await lost.CancelAsync();
        }

        return holds;
    }

    public void LoseAfter(TimeSpan delay, TimeProvider time) =>
        timer = time.CreateTimer(_ => lost.Cancel(), null, delay, Timeout.InfiniteTimeSpan);

    public async ValueTask DisposeAsync()
    {
        store.Release(this);
        if (timer is not null)
        {
            await timer.DisposeAsync();
        }
        // The token source stays usable: whoever linked to Lost may look at it later.
    }
}
