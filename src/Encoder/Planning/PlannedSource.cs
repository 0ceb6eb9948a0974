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
}
