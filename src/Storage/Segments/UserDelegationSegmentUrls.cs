using Azure.Storage.Blobs;
using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Segments;

/// <summary>Signs with a key that the service gave to this process's identity.</summary>
internal sealed class UserDelegationSegmentUrls(BlobServiceClient service, UserDelegationKeys keys, IOptions<StorageOptions> storage, IOptions<CacheOptions> options, TimeProvider time)
    : ISegmentUrls
{
    public async ValueTask<SegmentAccess> SignAsync(GenerationId id, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        var container = id.ContainerName(options.Value.ContainerPrefix);
        var key = await keys.GetAsync(expires, cancellationToken);
        return new($"{service.Uri.AbsoluteUri.TrimEnd('/')}/{container}", UserDelegationSas.Sign(key, storage.Value.AccountName!, container, expires));
    }

    public Task PrepareAsync(CancellationToken cancellationToken) => keys.GetAsync(time.GetUtcNow() + SessionLifetime.Longest, cancellationToken).AsTask();
}
