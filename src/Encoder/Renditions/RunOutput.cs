using HlsCache.Encoder.Mp4;

namespace HlsCache.Encoder.Renditions;

/// <summary>Where a run's output goes.</summary>
/// <param name="BeginAsync">Takes the init segment, before the first segment. What it throws ends the run.</param>
/// <param name="PublishAsync">Takes each whole segment the moment it is complete, in order. A few run at once; what one throws ends the run.</param>
public sealed record RunOutput(Func<byte[], Task> BeginAsync, Func<MediaSegment, Task> PublishAsync);
