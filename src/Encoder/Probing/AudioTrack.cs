namespace HlsCache.Encoder.Probing;

/// <summary>An audio stream of the source.</summary>
/// <param name="Stream">ffmpeg's index.</param>
/// <param name="End">When the last sample ends; null when the container does not say.</param>
public sealed record AudioTrack(int Stream, string? Language, bool Default, double? End);
