namespace HlsCache.Core.Leases;

/// <summary>A lock that is held, and renewed until it is disposed.</summary>
public interface ILease : IAsyncDisposable
{
    /// <summary>Fires when the lock is another's, or may be.</summary>
    CancellationToken Lost { get; }

    /// <summary>Proves against the store that the lock is still held: the last step before a commit that must not be late.</summary>
    Task<bool> ConfirmAsync(CancellationToken cancellationToken);
}
