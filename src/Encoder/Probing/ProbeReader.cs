using System.Globalization;
using System.Text.Json;
using HlsCache.Core.Plans;

namespace HlsCache.Encoder.Probing;

/// <summary>Turns ffprobe's JSON into what planning needs. Pure.</summary>
public static class ProbeReader
{
    public static SourceInfo Read(string json)
    {
        var document = JsonSerializer.Deserialize(json, ProbeJson.Default.ProbeDocument) ?? new(null, null);
        var clock = new Clock(document.Format);
        var streams = document.Streams ?? [];
        return new(
            [.. streams.Where(s => s.Type == "video" && !Has(s, "attached_pic") && s is { Width: > 0, Height: > 0 }).Select(s => Video(s, clock))],
            [.. streams.Where(s => s.Type == "audio").Select(s => new AudioTrack(s.Index, Tag(s, "language"), Has(s, "default"), clock.End(s)))],
            [.. streams.Where(s => s.Type == "subtitle").Select(s => new SubtitleTrack(s.Index, s.Codec ?? "unknown", Tag(s, "language"), Tag(s, "title"), Has(s, "forced")))])
        {
            Start = clock.Start,
            Seekable = document.Format?.Name is not ("mpegts" or "mpeg" or "h264" or "hevc"),
        };
    }

    private static VideoTrack Video(ProbeStream stream, Clock clock)
    {
        var pixel = Rational.Parse(stream.SampleAspectRatio)?.Value ?? 1;
        var (width, height) = ((int)Math.Round(stream.Width * pixel), stream.Height);
        var rotation = stream.SideData?.FirstOrDefault(d => d.Rotation is not null)?.Rotation ?? 0;
        var turned = Math.Abs(rotation % 180) is > 45 and < 135;
        return new(
            stream.Index,
            turned ? height : width,
            turned ? width : height,
            stream.FieldOrder is "tt" or "bb" or "tb" or "bt",
            Rational.Parse(stream.Rate),
            Rational.Parse(stream.AverageRate),
            clock.End(stream))
        {
            Playable = rotation == 0 && pixel == 1 ? Playable(stream) : null,
        };
    }

    /// <summary>H.264 of the kinds that every browser decodes.</summary>
    private static string? Playable(ProbeStream stream) => stream is { Codec: "h264", PixelFormat: "yuv420p" or "yuvj420p", Level: >= 10 and <= 62 }
        ? stream.Profile switch
        {
            "Constrained Baseline" => $"avc1.42E0{stream.Level:X2}",
            "Main" => $"avc1.4D40{stream.Level:X2}",
            "High" => $"avc1.6400{stream.Level:X2}",
            _ => null,
        }
        : null;

    private static bool Has(ProbeStream stream, string disposition) => stream.Disposition?.GetValueOrDefault(disposition) == 1;

    private static string? Tag(ProbeStream stream, string name)
    {
        var value = stream.Tags?.FirstOrDefault(t => string.Equals(t.Key, name, StringComparison.OrdinalIgnoreCase)).Value;
        return value is null or "" or "und" ? null : value;
    }

    /// <summary>Knows from where each container counts.</summary>
    private sealed class Clock(ProbeFormat? format)
    {
        public double Start { get; } = Seconds(format?.StartTime) ?? 0;

        // Matroska gives the instant of the end, others the time between start and end.
        private readonly bool givesEnd = format?.Name?.StartsWith("matroska", StringComparison.Ordinal) ?? false;

        public double? End(ProbeStream stream)
        {
            var own = Seconds(stream.Duration);
            var duration = own ?? Span(Tag(stream, "DURATION")) ?? Seconds(format?.Duration);
            if (duration is not > 0)
            {
                return null;
            }

            return givesEnd ? duration - Start : own is null ? duration : (Seconds(stream.StartTime) ?? Start) - Start + duration;
        }

        private static double? Seconds(string? text) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;

        // Matroska's tag has nine decimals where TimeSpan takes seven.
        private static double? Span(string? text) => text?.Split(':') is [var h, var m, var s]
            && Seconds(h) is { } hours && Seconds(m) is { } minutes && Seconds(s) is { } seconds
                ? (hours * 3600) + (minutes * 60) + seconds
                : null;
    }
}
