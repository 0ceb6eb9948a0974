using HlsCache.Core.Playlists;
using HlsCache.Testing;

namespace HlsCache.Core.Tests;

public sealed class MasterPlaylistTests
{
    [Fact]
    public void Picture_sound_and_subtitles() =>
        MasterPlaylist.Render(Samples.Plan(), "1jdtcq1c8abcdefg").ShouldBe("""
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="eng",LANGUAGE="eng",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="1jdtcq1c8abcdefg/audio.m3u8"
            #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="English",LANGUAGE="eng",DEFAULT=NO,AUTOSELECT=NO,FORCED=NO,URI="1jdtcq1c8abcdefg/subs/0.m3u8"
            #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="Forced",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES,URI="1jdtcq1c8abcdefg/subs/2.m3u8"
            #EXT-X-STREAM-INF:BANDWIDTH=3990800,CODECS="avc1.64001F,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=25.000,AUDIO="audio",SUBTITLES="subs",CLOSED-CAPTIONS=NONE
            1jdtcq1c8abcdefg/video.m3u8

            """);

    [Fact]
    public void Picture_only() =>
        MasterPlaylist.Render(Samples.Plan() with { Video = Samples.Video(new(24_000, 1001), 100), Sound = null, Subtitles = [] }, "g").ShouldBe("""
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-STREAM-INF:BANDWIDTH=3850000,CODECS="avc1.64001F",RESOLUTION=1280x720,FRAME-RATE=23.976,CLOSED-CAPTIONS=NONE
            g/video.m3u8

            """);

    [Fact]
    public void Sound_only() =>
        MasterPlaylist.Render(Samples.Plan() with { Video = null, Subtitles = [] }, "g").ShouldBe("""
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-STREAM-INF:BANDWIDTH=140800,CODECS="mp4a.40.2"
            g/audio.m3u8

            """);

    [Fact]
    public void Sound_of_no_known_language() =>
        MasterPlaylist.Render(Samples.Plan() with { Sound = Samples.Sound(1) with { Language = null }, Subtitles = [] }, "g").Split('\n')[3]
            .ShouldBe("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"Audio\",DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"2\",URI=\"g/audio.m3u8\"");

    [Fact]
    public void Tracks_that_are_all_skipped_make_no_group() =>
        MasterPlaylist.Render(Samples.Plan() with { Subtitles = [new(2, "eng", "English", false, "a bitmap")] }, "g").ShouldNotContain("SUBTITLES");

    [Theory]
    [InlineData("He said \"no\"", "He said no")]
    [InlineData("two\nlines\r\n", "twolines")]
    [InlineData("a\tb\0c", "abc")]
    [InlineData("x\",URI=\"http://evil/\n#EXT-X-ENDLIST", "x,URI=http://evil/#EXT-X-ENDLIST")]
    [InlineData("Größe, 日本語 🎬 ;=", "Größe, 日本語 🎬 ;=")]
    public void Names_out_of_files_cannot_break_the_playlist(string name, string shown)
    {
        var text = MasterPlaylist.Render(Samples.Plan() with { Subtitles = [new(2, name, name, false, null)], Sound = Samples.Sound(1) with { Language = name } }, "g");
        var lines = text.Split('\n');
        lines.Length.ShouldBe(8);
        lines[3].ShouldStartWith($"#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"{shown}\",LANGUAGE=\"{shown}\",");
        lines[4].ShouldStartWith($"#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subs\",NAME=\"{shown}\",LANGUAGE=\"{shown}\",");
        lines[5].ShouldStartWith("#EXT-X-STREAM-INF:");
    }
}
