using Azure.Storage.Blobs;
using Azure.Storage.Sas;
using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Segments;

/// <summary>Signs with the account's key.</summary>
internal sealed class SharedKeySegmentUrls(BlobServiceClient service, IOptions<CacheOptions> options) : ISegmentUrls
{
    public ValueTask<SegmentAccess> SignAsync(GenerationId id, DateTimeOffset expires, CancellationToken cancellationToken)
    {
        var container = service.GetBlobContainerClient(id.ContainerName(options.Value.ContainerPrefix));
        var sas = new BlobSasBuilder(BlobContainerSasPermissions.Read, expires)
        {
            BlobContainerName = container.Name,
            Resource = "c",
            // Azurite listens without TLS.
            Protocol = container.Uri.Scheme == Uri.UriSchemeHttps ? SasProtocol.Https : SasProtocol.HttpsAndHttp,
        };
        return ValueTask.FromResult(new SegmentAccess(container.Uri.AbsoluteUri, container.GenerateSasUri(sas).Query[1..]));
    }
}
