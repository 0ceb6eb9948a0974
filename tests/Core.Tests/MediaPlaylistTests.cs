using System.Globalization;
using HlsCache.Core.Plans;
using HlsCache.Core.Playlists;
using HlsCache.Core.Segments;
using HlsCache.Testing;

namespace HlsCache.Core.Tests;

public sealed class MediaPlaylistTests
{
    [Fact]
    public void A_playlist_shows_the_whole_timeline() =>
        Render(Samples.Video(new(25, 1), 213)).ShouldBe("""
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-TARGETDURATION:4
            #EXT-X-MEDIA-SEQUENCE:0
            #EXT-X-PLAYLIST-TYPE:VOD
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-MAP:URI="video/init.mp4"
            #EXTINF:1.000000,
            video/seg-0.m4s
            #EXTINF:1.000000,
            video/seg-1.m4s
            #EXTINF:2.000000,
            video/seg-2.m4s
            #EXTINF:4.000000,
            video/seg-3.m4s
            #EXTINF:0.520000,
            video/seg-4.m4s
            #EXT-X-ENDLIST

            """);

    [Fact]
    public void Sound_has_the_same_form() =>
        Render(Samples.Sound(400)).ShouldBe("""
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-TARGETDURATION:5
            #EXT-X-MEDIA-SEQUENCE:0
            #EXT-X-PLAYLIST-TYPE:VOD
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-MAP:URI="audio/init.mp4"
            #EXTINF:4.010667,
            audio/seg-0.m4s
            #EXTINF:4.010666,
            audio/seg-1.m4s
            #EXTINF:0.512000,
            audio/seg-2.m4s
            #EXT-X-ENDLIST

            """);

    [Fact]
    public void Lines_may_be_signed_urls_where_the_blob_exists()
    {
        var access = new SegmentAccess("https://a.blob.test/hls-k-g", "sv=1&sig=a%2Bb%3D&se=2026-01-01T00%3A00%3A00Z");
        MediaPlaylist.Render(
            Samples.Video(new(25, 1), 60),
            access.Url("video/init.mp4"),
            n => n == 1 ? access.Url("video/seg-1.m4s") : $"video/seg-{n}.m4s").ShouldBe("""
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-TARGETDURATION:1
            #EXT-X-MEDIA-SEQUENCE:0
            #EXT-X-PLAYLIST-TYPE:VOD
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-MAP:URI="https://a.blob.test/hls-k-g/video/init.mp4?sv=1&sig=a%2Bb%3D&se=2026-01-01T00%3A00%3A00Z"
            #EXTINF:1.000000,
            video/seg-0.m4s
            #EXTINF:1.000000,
            https://a.blob.test/hls-k-g/video/seg-1.m4s?sv=1&sig=a%2Bb%3D&se=2026-01-01T00%3A00%3A00Z
            #EXTINF:0.400000,
            video/seg-2.m4s
            #EXT-X-ENDLIST

            """);
    }

    [Fact]
    public void A_subtitle_track_is_one_file_as_long_as_the_film() =>
        MediaPlaylist.RenderSubtitles(8.533333, "0/seg-0.vtt").ShouldBe("""
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-TARGETDURATION:9
            #EXT-X-MEDIA-SEQUENCE:0
            #EXT-X-PLAYLIST-TYPE:VOD
            #EXTINF:8.533333,
            0/seg-0.vtt
            #EXT-X-ENDLIST

            """);

    [Theory]
    [InlineData("24000/1001", 172_628)] // Two hours, to the frame.
    [InlineData("30000/1001", 215_784)]
    [InlineData("60000/1001", 431_568)]
    [InlineData("60/1", 432_000)]
    [InlineData("25/1", 213)] // 8.5 s.
    [InlineData("24000/1001", 204)]
    [InlineData("30000/1001", 255)]
    [InlineData("60/1", 510)]
    [InlineData("24000/1001", 1)]
    [InlineData("375/8", 337_500)] // Segments of 4.010666… s, of which each would add its rounding.
    public void Durations_add_up_to_the_length_of_the_film(string rate, long frames)
    {
        var video = Samples.Video(Rational.Parse(rate)!.Value, frames);
        var lengths = Lengths(Render(video));
        var real = (decimal)frames * video.Grid.Rate.Denominator / video.Grid.Rate.Numerator;
        Math.Abs(lengths.Sum() - real).ShouldBeLessThanOrEqualTo(0.000001m);
        lengths.Count.ShouldBe(video.Grid.Count(frames));
    }

    [Theory]
    [InlineData("24000/1001")]
    [InlineData("30000/1001")]
    [InlineData("60000/1001")]
    [InlineData("375/8")]
    public void Every_segment_begins_where_the_playlist_says(string rate)
    {
        var video = Samples.Video(Rational.Parse(rate)!.Value, 431_568);
        var begin = 0m;
        foreach (var (index, length) in Lengths(Render(video)).Index())
        {
            var real = (decimal)video.Grid.Start(index) * video.Grid.Rate.Denominator / video.Grid.Rate.Numerator;
            Math.Abs(begin - real).ShouldBeLessThanOrEqualTo(0.000001m);
            begin += length;
        }
    }

    [Theory]
    [InlineData("24000/1001", 4)]
    [InlineData("30000/1001", 4)]
    [InlineData("60000/1001", 2)]
    [InlineData("25/1", 2)]
    [InlineData("10/1", 6.3)]
    public void No_segment_is_longer_than_the_target_duration(string rate, double seconds)
    {
        var text = Render(Samples.Video(Rational.Parse(rate)!.Value, 5000, seconds));
        var target = decimal.Parse(text.Split('\n').Single(l => l.StartsWith("#EXT-X-TARGETDURATION:", StringComparison.Ordinal))[22..], CultureInfo.InvariantCulture);
        Lengths(text).ShouldAllBe(length => length > 0 && length <= target);
        Lengths(text).Max().ShouldBeGreaterThan(target - 1);
    }

    private static string Render(IRenditionPlan plan) =>
        MediaPlaylist.Render(plan, BlobNames.Init(plan.Rendition), n => BlobNames.Segment(plan.Rendition, n));

    private static List<decimal> Lengths(string playlist) =>
        [.. playlist.Split('\n').Where(l => l.StartsWith("#EXTINF:", StringComparison.Ordinal)).Select(l => decimal.Parse(l[8..^1], CultureInfo.InvariantCulture))];
}
