using HlsCache.Core.Plans;
using HlsCache.Core.Sources;
using HlsCache.Encoder.Probing;

namespace HlsCache.Encoder.Planning;

/// <summary>A film that was probed, and the plan of its encode.</summary>
public sealed record PlannedSource(SourceFile Source, SourceInfo Info, EncodePlan Plan);
