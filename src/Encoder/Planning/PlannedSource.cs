using HlsCache.Core.Entries;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Core.Sources;
using HlsCache.Encoder.Probing;

namespace HlsCache.Encoder.Planning;

/// <summary>A film that was probed, and the plan of its encode.</summary>
public sealed record PlannedSource(SourceFile Source, SourceInfo Info, EncodePlan Plan)
{
    /// <summary>The seal of the damaged generation whose good blobs are taken; null where all is encoded.</summary>
    public Manifest? Damaged { get; init; }

    /// <summary>The same film planned for another entry that makes the same bytes.</summary>
    public PlannedSource For(Entry entry) => this with
    {
        Damaged = null,
        Plan = Plan with
        {
            Key = entry.Id.Key.Value,
            Generation = entry.Id.Generation.Value,
            Quality = entry.Request.Quality.Name,
            Audio = entry.Request.Audio.ToString(),
        },
    };
}
