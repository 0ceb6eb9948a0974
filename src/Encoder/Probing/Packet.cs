using System.Globalization;

namespace HlsCache.Encoder.Probing;

/// <summary>One packet of a stream, in seconds of the container's own time and bytes.</summary>
/// <param name="Pts">When it is shown; null when the container does not say.</param>
/// <param name="IsCut">Whether an edit list cuts it away.</param>
public readonly record struct Packet(double? Pts, double Duration, long Bytes, bool IsKey, bool IsCut)
{
    public double? End => Pts + Duration;

    /// <summary>Reads a line of ffprobe's; null for one that is none.</summary>
    public static Packet? Parse(string line) => line.Split(',') is [var pts, var duration, var size, var flags, ..]
        ? new Packet(
            Number(pts),
            Number(duration) ?? 0,
            (long)(Number(size) ?? 0),
            flags.Contains('K', StringComparison.Ordinal),
            flags.Contains('D', StringComparison.Ordinal))
        : null;

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
