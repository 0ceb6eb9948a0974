namespace HlsCache.Encoder.Mp4;

/// <summary>A segment as it came out of ffmpeg.</summary>
/// <param name="Index">Its place on the grid.</param>
/// <param name="Units">How many frames it holds.</param>
/// <param name="IsWhole">Whether it holds all that the grid gives it. One that is not may be the film's end, or a read that broke off.</param>
public sealed record MediaSegment(int Index, long Units, bool IsWhole, byte[] Data);
