namespace HlsCache.Core.Plans;

/// <summary>One subtitle track of the source.</summary>
/// <param name="Stream">ffmpeg's index of the source's stream.</param>
/// <param name="Language">ISO 639 code, or null when the source names none.</param>
/// <param name="Name">What a player's menu shows; unique within the plan.</param>
/// <param name="Forced">Whether it is shown even when subtitles are off.</param>
/// <param name="Skipped">Why the track is not offered (a bitmap, or an extraction that failed), or null when it is.</param>
public sealed record SubtitlePlan(int Stream, string? Language, string Name, bool Forced, string? Skipped);
