using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Segments;

/// <summary>One container a generation.</summary>
internal sealed class BlobSegmentStore(
    BlobServiceClient service, ISegmentUrls urls, IOptions<StorageOptions> storage, IOptions<CacheOptions> options, TimeProvider time) : ISegmentStore
{
    // A generation's name is never used again, so what was fetched once may be kept for ever.
    private const string CacheControl = "public, max-age=31536000, immutable";

    private static readonly TimeSpan CopyLife = TimeSpan.FromMinutes(15);

    private readonly string owner = OwnerId.Of(storage.Value.UsesIdentity ? storage.Value.AccountName! : service.AccountName, options.Value.ContainerPrefix);

    public async Task CreateAsync(GenerationId id, CancellationToken cancellationToken)
    {
        await Container(id).CreateIfNotExistsAsync(
            metadata: new Dictionary<string, string>(StringComparer.Ordinal) { [OwnerId.Tag] = owner },
            cancellationToken: cancellationToken);
    }

    public async Task<PutResult> PutAsync(GenerationId id, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        try
        {
            await Container(id).GetBlobClient(name).UploadAsync(
                BinaryData.FromBytes(content),
                new BlobUploadOptions
                {
                    HttpHeaders = new() { ContentType = BlobNames.ContentType(name), CacheControl = CacheControl },
                    Conditions = new() { IfNoneMatch = ETag.All },
                    // One request whatever the size, so that a blob is there whole or not at all.
                    TransferOptions = new() { InitialTransferSize = int.MaxValue, MaximumTransferSize = int.MaxValue },
                    // The service checks it against what arrived and keeps it with the blob.
                    TransferValidation = new() { ChecksumAlgorithm = StorageChecksumAlgorithm.MD5 },
                },
                cancellationToken);
            return PutResult.Stored;
        }
        catch (RequestFailedException e) when (e.IsContainerGone())
        {
            return PutResult.Gone;
        }
        catch (RequestFailedException e) when (e.IsConflict())
        {
            return PutResult.AlreadyThere;
        }
    }

    public async Task<byte[]?> ReadAsync(GenerationId id, string name, CancellationToken cancellationToken)
    {
        try
        {
            var download = await Container(id).GetBlobClient(name).DownloadContentAsync(cancellationToken);
            return download.Value.Content.ToArray();
        }
        catch (RequestFailedException e) when (e.IsMissing() || e.IsContainerGone())
        {
            return null;
        }
    }

    public async Task<long?> SizeAsync(GenerationId id, string name, CancellationToken cancellationToken)
    {
        try
        {
            var properties = await Container(id).GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellationToken);
            return properties.Value.ContentLength;
        }
        catch (RequestFailedException e) when (e.IsMissing() || e.IsContainerGone())
        {
            return null;
        }
    }

    public async IAsyncEnumerable<StoredBlob> ListAsync(GenerationId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var blobs = Container(id).GetBlobsAsync(cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveNextAsync())
        {
            var blob = blobs.Current;
            yield return new(blob.Name, blob.Properties.ContentLength ?? 0, blob.Properties.ContentHash is { Length: > 0 } md5 ? Convert.ToBase64String(md5) : null);
        }

        async Task<bool> MoveNextAsync()
        {
            try
            {
                return await blobs.MoveNextAsync();
            }
            catch (RequestFailedException e) when (e.IsContainerGone())
            {
                return false;
            }
        }
    }

    public async Task<PutResult> CopyAsync(GenerationId from, GenerationId to, string name, CancellationToken cancellationToken)
    {
        var source = await urls.SignAsync(from, time.GetUtcNow() + CopyLife, cancellationToken);
        try
        {
            await Container(to).GetBlobClient(name).SyncCopyFromUriAsync(
                new(source.Url(name)),
                new() { DestinationConditions = new() { IfNoneMatch = ETag.All } },
                cancellationToken);
            return PutResult.Stored;
        }
        catch (RequestFailedException e) when (e.IsMissing() || e.IsContainerGone())
        {
            return PutResult.Gone;
        }
        catch (RequestFailedException e) when (e.IsConflict())
        {
            return PutResult.AlreadyThere;
        }
    }

    public async IAsyncEnumerable<GenerationId> GenerationsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = options.Value.ContainerPrefix;
        await foreach (var container in service.GetBlobContainersAsync(BlobContainerTraits.Metadata, BlobContainerStates.None, $"{prefix}-", cancellationToken))
        {
            if (GenerationId.Parse(prefix, container.Name) is { } id && IsOurs(container.Properties.Metadata))
            {
                yield return id;
            }
        }
    }

    public async Task DeleteAsync(GenerationId id, CancellationToken cancellationToken)
    {
        try
        {
            // Its name is not enough: another deployment may have the same prefix.
            var properties = await Container(id).GetPropertiesAsync(cancellationToken: cancellationToken);
            if (IsOurs(properties.Value.Metadata))
            {
                await Container(id).DeleteIfExistsAsync(cancellationToken: cancellationToken);
            }
        }
        catch (RequestFailedException e) when (e.IsMissing() || e.IsContainerGone())
        {
            // Another deleted it.
        }
    }

    private bool IsOurs(IDictionary<string, string>? metadata) => metadata is not null && metadata.TryGetValue(OwnerId.Tag, out var found) && found == owner;

    private BlobContainerClient Container(GenerationId id) => service.GetBlobContainerClient(id.ContainerName(options.Value.ContainerPrefix));
}
