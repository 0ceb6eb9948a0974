using HlsCache.Core.Entries;
using HlsCache.Core.Segments;

namespace HlsCache.Testing.InMemory;

/// <summary>URLs that lead nowhere and tell their expiry.</summary>
public sealed class UnsignedSegmentUrls(string prefix = "hls") : ISegmentUrls
{
    public ValueTask<SegmentAccess> SignAsync(GenerationId id, DateTimeOffset expires, CancellationToken cancellationToken) =>
        new(new SegmentAccess($"https://blobs.test/{id.ContainerName(prefix)}", $"sig=test&se={expires.ToUnixTimeSeconds()}"));
}
