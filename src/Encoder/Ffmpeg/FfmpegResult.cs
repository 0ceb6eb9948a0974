namespace HlsCache.Encoder.Ffmpeg;

/// <summary>How a process ended.</summary>
/// <param name="ExitCode">Proves nothing by itself: ffmpeg exits with 0 after an input that broke off.</param>
/// <param name="Errors">The last lines of standard error.</param>
public sealed record FfmpegResult(int ExitCode, string Errors);
