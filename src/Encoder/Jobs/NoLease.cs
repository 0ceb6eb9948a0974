using HlsCache.Core.Leases;

namespace HlsCache.Encoder.Jobs;

/// <summary>Stands for the lock of an entry that is never encoded under its own key, so that there is nothing to lock.</summary>
internal sealed class NoLease : ILease
{
    public static readonly NoLease Instance = new();

    public CancellationToken Lost => CancellationToken.None;

    public Task<bool> ConfirmAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
