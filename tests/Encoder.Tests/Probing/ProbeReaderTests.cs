using HlsCache.Encoder.Probing;
using HlsCache.Testing;

namespace HlsCache.Encoder.Tests.Probing;

/// <summary>What ffprobe really says of small films, recorded and trimmed, and variations of it.</summary>
public sealed class ProbeReaderTests
{
    private const double Microsecond = 1e-6;

    [Fact]
    public void An_mp4_gives_each_stream_its_length()
    {
        var info = Read("plain.mp4");
        info.Videos.ShouldBe([new VideoTrack(0, 320, 180, false, new(24000, 1001), new(24000, 1001), 6.006)]);
        info.Audios.ShouldBe([new AudioTrack(1, "eng", false, 5), new AudioTrack(2, "deu", true, 6)]);
        info.Subtitles.ShouldBeEmpty();
        (info.Start, info.Seekable).ShouldBe((0, true));
    }

    [Fact]
    public void A_matroska_file_gives_the_instants_at_which_streams_end_and_they_are_counted_from_its_start()
    {
        var info = Read("offset.mkv");
        info.Start.ShouldBe(5.277);
        info.Videos.ShouldHaveSingleItem().End.ShouldNotBeNull().ShouldBe(11.306 - 5.277, Microsecond);
        info.Audios.ShouldHaveSingleItem().End.ShouldNotBeNull().ShouldBe(10.3 - 5.277, Microsecond);
        info.Seekable.ShouldBeTrue();
    }

    [Fact]
    public void Subtitles_have_codec_language_title_and_flag() => Read("offset.mkv").Subtitles.ShouldBe(
        [new SubtitleTrack(2, "subrip", "eng", "Full", false), new SubtitleTrack(3, "ass", null, null, true)]);

    [Fact]
    public void Text_in_an_mp4_is_a_subtitle() => Read("text.mp4").Subtitles.ShouldBe([new SubtitleTrack(1, "mov_text", null, null, false)]);

    [Fact]
    public void Streams_of_a_transport_stream_begin_later_than_it_and_it_cannot_be_sought()
    {
        var info = Read("plain.ts");
        info.Start.ShouldBe(1.4);
        info.Videos.ShouldHaveSingleItem().End.ShouldNotBeNull().ShouldBe(1.423222 - 1.4 + 6.005989, Microsecond);
        info.Audios.ShouldHaveSingleItem().End.ShouldNotBeNull().ShouldBe(4.852967, Microsecond);
        info.Seekable.ShouldBeFalse();
    }

    [Fact]
    public void Interlaced_anamorphic_pictures_are_as_wide_as_they_are_shown()
    {
        var info = Read("interlaced.mpg");
        info.Videos.ShouldHaveSingleItem().ShouldSatisfyAllConditions(v => (v.Width, v.Height).ShouldBe((1024, 576)), v => v.Interlaced.ShouldBeTrue());
        info.Seekable.ShouldBeFalse();
    }

    [Fact]
    public void A_picture_on_its_side_is_measured_as_it_is_shown() =>
        Read("rotated.mp4").Videos.ShouldHaveSingleItem().ShouldSatisfyAllConditions(v => v.Width.ShouldBe(180), v => v.Height.ShouldBe(320));

    [Theory]
    [InlineData("90", 180, 320)]
    [InlineData("-90", 180, 320)]
    [InlineData("270", 180, 320)]
    [InlineData("-270", 180, 320)]
    [InlineData("180", 320, 180)]
    [InlineData("-180", 320, 180)]
    [InlineData("0", 320, 180)]
    [InlineData("89.99", 180, 320)]
    public void Every_quarter_turn_is_understood(string rotation, int width, int height)
    {
        var json = Json("rotated.mp4").Replace("\"rotation\": 90", $"\"rotation\": {rotation}", StringComparison.Ordinal);
        var video = ProbeReader.Read(json).Videos.ShouldHaveSingleItem();
        (video.Width, video.Height).ShouldBe((width, height));
    }

    [Theory]
    [InlineData("64:45", 455)]
    [InlineData("0:1", 320)]
    [InlineData("1:1", 320)]
    [InlineData("10:11", 291)]
    [InlineData("nonsense", 320)]
    public void Pixels_need_not_be_square(string pixel, int width) =>
        ProbeReader.Read(Json("plain.mp4").Replace("\"1:1\"", $"\"{pixel}\"", StringComparison.Ordinal)).Videos.ShouldHaveSingleItem().Width.ShouldBe(width);

    [Theory]
    [InlineData("progressive", false)]
    [InlineData("unknown", false)]
    [InlineData("tt", true)]
    [InlineData("bb", true)]
    [InlineData("tb", true)]
    [InlineData("bt", true)]
    public void Interlaced_is_what_the_stream_says_it_is(string order, bool interlaced) =>
        ProbeReader.Read(Json("plain.mp4").Replace("progressive", order, StringComparison.Ordinal)).Videos.ShouldHaveSingleItem().Interlaced.ShouldBe(interlaced);

    [Fact]
    public void A_cover_is_no_film()
    {
        var info = Read("cover.mp3");
        info.Videos.ShouldBeEmpty();
        info.Audios.ShouldHaveSingleItem().End.ShouldNotBeNull().ShouldBe(5.041634, Microsecond * 2);
    }

    [Fact]
    public void A_film_that_was_never_finished_says_no_length() => Read("endless.webm").Videos.ShouldHaveSingleItem().End.ShouldBeNull();

    [Fact]
    public void A_raw_stream_says_neither_length_nor_start_and_cannot_be_sought()
    {
        var info = Read("raw.h264");
        info.Videos.ShouldBe([new VideoTrack(0, 320, 180, false, new(30, 1), new(30, 1), null)]);
        (info.Start, info.Seekable).ShouldBe((0, false));
    }

    [Fact]
    public void An_avi_is_like_an_mp4()
    {
        var info = Read("plain.avi");
        info.Videos.ShouldHaveSingleItem().End.ShouldBe(6.047708);
        info.Audios.ShouldHaveSingleItem().End.ShouldBe(5.041633);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("{\"streams\": [], \"format\": {}}")]
    [InlineData("{\"streams\": [{\"index\": 0}], \"format\": null}")]
    [InlineData("{\"streams\": [{\"index\": 0, \"codec_type\": \"data\"}, {\"index\": 1, \"codec_type\": \"video\", \"width\": 0, \"height\": 0}]}")]
    public void What_holds_nothing_is_read_as_nothing(string json)
    {
        var info = ProbeReader.Read(json);
        (info.Videos.Count, info.Audios.Count, info.Subtitles.Count).ShouldBe((0, 0, 0));
    }

    [Fact]
    public void A_rate_that_is_not_known_is_null() =>
        ProbeReader.Read(Json("plain.mp4").Replace("24000/1001", "0/0", StringComparison.Ordinal)).Videos.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            v => v.Rate.ShouldBeNull(), v => v.AverageRate.ShouldBeNull());

    private static SourceInfo Read(string name) => ProbeReader.Read(Json(name));

    private static string Json(string name) => File.ReadAllText(Repository.Path($"tests/Encoder.Tests/Probing/Recorded/{name}.json"));
}
