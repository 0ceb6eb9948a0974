namespace HlsCache.Encoder.Probing;

/// <summary>A subtitle stream of the source.</summary>
/// <param name="Stream">ffmpeg's index.</param>
public sealed record SubtitleTrack(int Stream, string Codec, string? Language, string? Title, bool Forced);
