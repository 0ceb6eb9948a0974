using HlsCache.Core.Entries;

namespace HlsCache.Core.Leases;

/// <summary>Locks that any machine may hold for as long as it lives.</summary>
public interface ILeaseStore
{
    /// <summary>Takes the lock of that name in the generation's container; null when another holds it or the container is gone.</summary>
    Task<ILease?> TryAcquireAsync(GenerationId id, string name, CancellationToken cancellationToken);
}
