using System.Globalization;
using HlsCache.Core.Plans;

namespace HlsCache.Encoder.Probing;

/// <summary>Reads ffmpeg's list of the packets of one stream, line by line.</summary>
public sealed class PacketReader
{
    private const string TimeBase = "#tb 0:";

    // As libavcodec/packet.h has them. A packet whose only flag is that of a keyframe is listed without flags.
    private const int Key = 1;
    private const int Discard = 4;

    private Rational? tick;

    /// <summary>The packet in the line; null for a line that has none.</summary>
    public Packet? Read(string line)
    {
        if (line.StartsWith(TimeBase, StringComparison.Ordinal))
        {
            tick = Rational.Parse(line[TimeBase.Length..].Trim());
            return null;
        }

        if (tick is not { } unit || line.Split(',', StringSplitOptions.TrimEntries) is not [_, _, var pts, var duration, var size, _, .. var more]
            || Number(pts) is not { } shown || Number(duration) is not { } length || Number(size) is not { } bytes)
        {
            return null;
        }

        var flags = more is [['F', '=', '0', 'x', .. var hex], ..] && int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var f) ? f : Key;
        return new(shown == long.MinValue ? null : Seconds(shown), Seconds(length), bytes, (flags & Key) != 0, (flags & Discard) != 0);

        double Seconds(long ticks) => (double)ticks * unit.Numerator / unit.Denominator;
    }

    private static long? Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
