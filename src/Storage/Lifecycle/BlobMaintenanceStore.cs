using System.Globalization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using HlsCache.Core.Leases;
using HlsCache.Core.Lifecycle;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using BlobLease = HlsCache.Storage.Leases.BlobLease;

namespace HlsCache.Storage.Lifecycle;

/// <summary>One small blob a task, in a container of its own: leased while the task runs, and holding when it was run last.</summary>
internal sealed class BlobMaintenanceStore(BlobServiceClient service, IOptions<CacheOptions> options, TimeProvider time, ILogger<BlobMaintenanceStore> logger)
    : IMaintenanceStore
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    private readonly BlobContainerClient container = service.GetBlobContainerClient(ContainerName(options.Value.ContainerPrefix));

    /// <summary>A name that no generation's container can have.</summary>
    public static string ContainerName(string prefix) => $"{prefix}-maintenance";

    public async Task<ILease?> TryBeginAsync(string task, TimeSpan least, CancellationToken cancellationToken)
    {
        var blob = await EnsureAsync(task, cancellationToken);
        var client = blob.GetBlobLeaseClient(Guid.NewGuid().ToString());
        var asked = time.GetTimestamp();
        try
        {
            await client.AcquireAsync(Duration, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.IsConflict())
        {
            return null;
        }

        var lease = new BlobLease(client, task, Duration, asked, time, logger);
        var begun = false;
        try
        {
            begun = !(await FindAsync(task, cancellationToken) + least > time.GetUtcNow());
            if (begun)
            {
                await WriteAsync(blob, new() { LeaseId = client.LeaseId }, cancellationToken);
            }

            return begun ? lease : null;
        }
        finally
        {
            if (!begun)
            {
                await lease.DisposeAsync();
            }
        }
    }

    public async Task<DateTimeOffset?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var download = await container.GetBlobClient(name).DownloadContentAsync(cancellationToken);
            return DateTimeOffset.TryParseExact(download.Value.Content.ToString(), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null;
        }
        catch (RequestFailedException e) when (e.IsMissing() || e.IsContainerGone())
        {
            return null;
        }
    }

    public async Task NoteAsync(string name, CancellationToken cancellationToken) => await WriteAsync(await EnsureAsync(name, cancellationToken), null, cancellationToken);

    private async Task WriteAsync(BlobClient blob, BlobRequestConditions? conditions, CancellationToken cancellationToken) => await blob.UploadAsync(
        BinaryData.FromString(time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture)),
        new BlobUploadOptions { Conditions = conditions },
        cancellationToken);

    /// <summary>Makes the blob, empty, unless it is there: only what exists can be leased.</summary>
    private async Task<BlobClient> EnsureAsync(string name, CancellationToken cancellationToken)
    {
        var blob = container.GetBlobClient(name);
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        try
        {
            await blob.UploadAsync(BinaryData.Empty, new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } }, cancellationToken);
        }
        catch (RequestFailedException e) when (e.IsConflict())
        {
            // It is there; the lease of another refuses the write as well.
        }

        return blob;
    }
}
