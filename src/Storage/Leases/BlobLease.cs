using Azure;
using Azure.Storage.Blobs.Specialized;
using HlsCache.Core.Leases;
using Microsoft.Extensions.Logging;

namespace HlsCache.Storage.Leases;

internal sealed partial class BlobLease : ILease
{
    private readonly BlobLeaseClient lease;
    private readonly string name;
    private readonly ILogger logger;
    private readonly Renewal renewal;

    public BlobLease(BlobLeaseClient lease, string name, TimeSpan duration, long asked, TimeProvider time, ILogger logger)
    {
        (this.lease, this.name, this.logger) = (lease, name, logger);
        renewal = new(name, TryRenewAsync, duration, asked, time, logger);
    }

    public CancellationToken Lost => renewal.Lost;

    public Task<bool> ConfirmAsync(CancellationToken cancellationToken) => renewal.RenewAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await renewal.DisposeAsync();
        try
        {
            // Whatever made us stop, others should not have to wait for the lease to run out.
            await lease.ReleaseAsync(cancellationToken: CancellationToken.None);
        }
        catch (RequestFailedException e) when (e.IsLeaseLost())
        {
            // It was another's already, or went with its container.
        }
        catch (RequestFailedException e)
        {
            Log.ReleaseFailed(logger, name, e.Message);
        }
    }

    private async Task<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            await lease.RenewAsync(cancellationToken: cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.IsLeaseLost())
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The lock {Name} could not be released and runs out by itself within a minute: {Cause}")]
        public static partial void ReleaseFailed(ILogger logger, string name, string cause);
    }
}
