using HlsCache.Core.Plans;

namespace HlsCache.Encoder.Probing;

/// <summary>A video stream of the source.</summary>
/// <param name="Stream">ffmpeg's index.</param>
/// <param name="Width">Width in pixels as shown: rotated, with square pixels.</param>
/// <param name="Rate">The rate that the container claims, or null.</param>
/// <param name="AverageRate">Frames by duration, or null.</param>
/// <param name="End">When the last frame ends; null when the container does not say.</param>
public sealed record VideoTrack(int Stream, int Width, int Height, bool Interlaced, Rational? Rate, Rational? AverageRate, double? End)
{
    /// <summary>RFC 6381 name of the stream if browsers play it as it is; null when it must be encoded.</summary>
    public string? Playable { get; init; }
}
