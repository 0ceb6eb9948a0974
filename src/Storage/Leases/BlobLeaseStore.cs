using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using HlsCache.Core.Entries;
using HlsCache.Core.Leases;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Leases;

/// <summary>Locks as leases of empty blobs in the generation's container.</summary>
internal sealed class BlobLeaseStore(BlobServiceClient service, IOptions<CacheOptions> options, TimeProvider time, ILogger<BlobLeaseStore> logger) : ILeaseStore
{
    // The longest that the service grants (15 to 60 s): https://learn.microsoft.com/rest/api/storageservices/lease-blob
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    public async Task<ILease?> TryAcquireAsync(GenerationId id, string name, CancellationToken cancellationToken)
    {
        var blob = service.GetBlobContainerClient(id.ContainerName(options.Value.ContainerPrefix)).GetBlobClient(name);
        // Our own lease id makes a retry inside the client harmless.
        var lease = blob.GetBlobLeaseClient(Guid.NewGuid().ToString());
        for (var created = false; ; created = true)
        {
            var asked = time.GetTimestamp();
            try
            {
                await lease.AcquireAsync(Duration, cancellationToken: cancellationToken);
                return new BlobLease(lease, $"{id}/{name}", Duration, asked, time, logger);
            }
            catch (RequestFailedException e) when (e.IsContainerGone())
            {
                return null;
            }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobNotFound && !created)
            {
                if (!await TryCreateAsync(blob, cancellationToken))
                {
                    return null;
                }
            }
            catch (RequestFailedException e) when (e.IsConflict())
            {
                return null;
            }
        }
    }

    private static async Task<bool> TryCreateAsync(BlobClient blob, CancellationToken cancellationToken)
    {
        try
        {
            await blob.UploadAsync(BinaryData.Empty, new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } }, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.IsContainerGone())
        {
            return false;
        }
        catch (RequestFailedException e) when (e.IsConflict())
        {
            return true;
        }
    }
}
