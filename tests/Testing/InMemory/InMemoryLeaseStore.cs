using HlsCache.Core.Entries;
using HlsCache.Core.Leases;
using HlsCache.Core.Segments;

namespace HlsCache.Testing.InMemory;

/// <summary>Leases as blob storage gives them. A held one counts as renewed until a test says that renewals fail.</summary>
public sealed class InMemoryLeaseStore(ISegmentStore segments, TimeProvider time) : ILeaseStore
{
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);
    public static readonly TimeSpan RenewalPeriod = TimeSpan.FromSeconds(20);

    private readonly Lock gate = new();
    private readonly Dictionary<(GenerationId Id, string Name), InMemoryLease> held = [];

    public async Task<ILease?> TryAcquireAsync(GenerationId id, string name, CancellationToken cancellationToken)
    {
        // The blob that is leased must exist, and cannot in a container that is gone.
        if (await segments.PutAsync(id, name, ReadOnlyMemory<byte>.Empty, cancellationToken) == PutResult.Gone)
        {
            return null;
        }

        lock (gate)
        {
            return IsHeld(id, name) ? null : held[(id, name)] = new(this, id, name);
        }
    }

    public bool IsHeld(GenerationId id, string name)
    {
        lock (gate)
        {
            return held.TryGetValue((id, name), out var lease) && lease.Expires > time.GetUtcNow();
        }
    }

    /// <summary>The holder is cut off (or dead): its lease runs out, and it learns so by its own clock.</summary>
    public void FailRenewals(GenerationId id, string name)
    {
        lock (gate)
        {
            var lease = held[(id, name)];
            lease.Expires = time.GetUtcNow() + Duration;
            lease.LoseAfter(Duration, time);
        }
    }

    /// <summary>The lock is taken away; the holder learns so at its next renewal, or when it confirms.</summary>
    public void Break(GenerationId id, string name)
    {
        lock (gate)
        {
            held.Remove((id, name), out var lease);
            lease!.LoseAfter(RenewalPeriod, time);
        }
    }

    internal bool Holds(InMemoryLease lease)
    {
        lock (gate)
        {
            return held.GetValueOrDefault((lease.Id, lease.Name)) == lease && lease.Expires > time.GetUtcNow();
        }
    }

    internal void Release(InMemoryLease lease)
    {
        lock (gate)
        {
            if (held.GetValueOrDefault((lease.Id, lease.Name)) == lease)
            {
                held.Remove((lease.Id, lease.Name));
            }
        }
    }
}
