using System.Globalization;
using HlsCache.Core.Plans;

namespace HlsCache.Core.Segments;

/// <summary>Names of the blobs in a generation's container; playlists and routes use the same.</summary>
public static class BlobNames
{
    public const string Plan = "plan.json";
    public const string Complete = ".complete";
    public const string Writer = ".writer";

    public static string Folder(Rendition rendition) => rendition == Rendition.Video ? "video" : "audio";

    public static string Init(Rendition rendition) => $"{Folder(rendition)}/init.mp4";

    public static string Segment(Rendition rendition, int index) => $"{Folder(rendition)}/seg-{index}.m4s";

    public static string Subtitle(int track, int index = 0) => $"subs/{track}/seg-{index}.vtt";

    /// <summary>The segment's index if <paramref name="name"/> names a segment of that rendition, else null.</summary>
    public static int? SegmentIndex(Rendition rendition, string name) => Number(name, $"{Folder(rendition)}/seg-", ".m4s");

    /// <summary>The subtitle track if <paramref name="name"/> names its first segment, else null.</summary>
    public static int? SubtitleTrack(string name) => Number(name, "subs/", "/seg-0.vtt");

    /// <summary>Whether the blob is media that a viewer fetches, as opposed to a lock, a plan or a seal.</summary>
    public static bool IsMedia(string name) =>
        name.StartsWith("video/", StringComparison.Ordinal) || name.StartsWith("audio/", StringComparison.Ordinal) || name.StartsWith("subs/", StringComparison.Ordinal);

    public static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".mp4" => "video/mp4",
        ".m4s" => "video/iso.segment",
        ".vtt" => "text/vtt; charset=utf-8",
        ".json" => "application/json",
        _ => name == Complete ? "application/json" : "application/octet-stream",
    };

    // Only the canonical spelling: seg-007 would pass for a segment whose blob does not exist.
    private static int? Number(string name, string prefix, string suffix) =>
        name.Length > prefix.Length + suffix.Length
        && name.StartsWith(prefix, StringComparison.Ordinal)
        && name.EndsWith(suffix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan()[prefix.Length..^suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && (name[prefix.Length] != '0' || name.Length == prefix.Length + 1 + suffix.Length)
            ? number
            : null;
}
