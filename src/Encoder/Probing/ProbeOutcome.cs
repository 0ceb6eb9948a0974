namespace HlsCache.Encoder.Probing;

/// <summary>What a probe found, or why ffprobe refused the file.</summary>
public sealed record ProbeOutcome(SourceInfo? Info, string? Refusal);
