using HlsCache.Core.Entries;

namespace HlsCache.Core.Segments;

/// <summary>Signs access for players.</summary>
public interface ISegmentUrls
{
    /// <summary>Read-only access to one generation's container until <paramref name="expires"/>.</summary>
    ValueTask<SegmentAccess> SignAsync(GenerationId id, DateTimeOffset expires, CancellationToken cancellationToken);

    /// <summary>Fetches what signing may need, so that an access until the end of the longest session is signed without asking anybody.</summary>
    Task PrepareAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
