using Azure;
using Azure.Storage.Blobs.Models;

namespace HlsCache.Storage;

/// <summary>Which of the service's refusals are expected outcomes.</summary>
internal static class AzureErrors
{
    public static bool IsConflict(this RequestFailedException e) => e.Status is 409 or 412;

    public static bool IsMissing(this RequestFailedException e) => e.Status == 404;

    public static bool IsContainerGone(this RequestFailedException e) =>
        e.ErrorCode == BlobErrorCode.ContainerNotFound || e.ErrorCode == BlobErrorCode.ContainerBeingDeleted;

    /// <summary>The lease is another's, or the blob is gone. Azure answers 409 where Azurite answers 412.</summary>
    public static bool IsLeaseLost(this RequestFailedException e) => e.Status is 404 or 409 or 412;
}
