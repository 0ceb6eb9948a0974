using System.Globalization;
using System.Text;
using HlsCache.Core.Plans;

namespace HlsCache.Core.Playlists;

/// <summary>Media playlists: always the complete VOD timeline, whether or not the segments exist yet (RFC 8216).</summary>
public static class MediaPlaylist
{
    private const int MicrosecondsPerSecond = 1_000_000;

    /// <summary>The playlist of a video or audio rendition.</summary>
    /// <param name="initUri">Where its init segment is.</param>
    /// <param name="segmentUri">Where segment n is.</param>
    public static string Render(IRenditionPlan plan, string initUri, Func<int, string> segmentUri)
    {
        var count = plan.Segments;
        var ends = new long[count + 1];
        for (var i = 1; i <= count; i++)
        {
            ends[i] = plan.Grid.Microseconds(Math.Min(plan.Grid.Start(i), plan.Units));
        }

        var longest = Enumerable.Range(0, count).Max(i => ends[i + 1] - ends[i]);
        var text = Begin(longest, capacity: 256 + (count * (segmentUri(0).Length + 32)));
        text.Append("#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MAP:URI=\"").Append(initUri).Append("\"\n");
        for (var i = 0; i < count; i++)
        {
            // The difference of rounded instants, so that rounding never adds up.
            Segment(text, ends[i + 1] - ends[i], segmentUri(i));
        }

        return text.Append("#EXT-X-ENDLIST\n").ToString();
    }

    /// <summary>The playlist of a subtitle track that is one file as long as the film.</summary>
    public static string RenderSubtitles(double seconds, string uri)
    {
        var length = (long)Math.Round(seconds * MicrosecondsPerSecond);
        var text = Begin(length, capacity: 512);
        Segment(text, length, uri);
        return text.Append("#EXT-X-ENDLIST\n").ToString();
    }

    private static StringBuilder Begin(long longest, int capacity) =>
        new StringBuilder(capacity)
            .Append("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:")
            .Append((longest + MicrosecondsPerSecond - 1) / MicrosecondsPerSecond)
            .Append("\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:VOD\n");

    private static void Segment(StringBuilder text, long microseconds, string uri) =>
        text.Append(CultureInfo.InvariantCulture, $"#EXTINF:{microseconds / MicrosecondsPerSecond}.{microseconds % MicrosecondsPerSecond:D6},\n").Append(uri).Append('\n');
}
