using HlsCache.Core.Entries;

namespace HlsCache.Core.Segments;

/// <summary>Signs access for players.</summary>
public interface ISegmentUrls
{
    /// <summary>Read-only access to one generation's container until <paramref name="expires"/>.</summary>
    ValueTask<SegmentAccess> SignAsync(GenerationId id, DateTimeOffset expires, CancellationToken cancellationToken);
}
