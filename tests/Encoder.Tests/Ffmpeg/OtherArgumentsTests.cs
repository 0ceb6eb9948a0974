using HlsCache.Encoder.Ffmpeg;
using HlsCache.Testing;

namespace HlsCache.Encoder.Tests.Ffmpeg;

public sealed class OtherArgumentsTests
{
    private const string File = "/media/film.mkv";
    private const string Input = VideoArgumentsTests.Input;

    [Fact]
    public void The_whole_sound() => FfmpegArguments.Audio(File, Samples.Plan(), 0, null, null).ShouldBe((
        $"-v error -nostdin -progress pipe:2 -stats_period 5 -copyts -start_at_zero {Input} -map 0:1 -vn -sn -dn -map_metadata -1 -map_chapters -1"
        + " -af aresample=48000:async=1:first_pts=0,atrim=start_pts=1024 -c:a aac -b:a 128k -ac 2 -fflags +bitexact -flags:a +bitexact"
        + " -avoid_negative_ts disabled -frag_duration 4000000 -f mp4 -movflags +empty_moov+default_base_moof+frag_discont pipe:1").Split(' '));

    [Theory]
    // 188 frames a segment; the encoder's priming is one more.
    [InlineData(0, null, "", "1024")]
    [InlineData(0, 2, "-t 9.021333 ", "1024:end_pts=386048")]
    [InlineData(1, null, "", "1024")]
    [InlineData(2, null, "", "193536")]
    [InlineData(5, 7, "-t 29.074667 ", "771072:end_pts=1348608")]
    public void A_range_of_the_sound_begins_a_segment_early_and_ends_a_frame_late(int first, int? end, string limit, string cut) =>
        string.Join(' ', FfmpegArguments.Audio(File, Samples.Plan(), first, end, null))
            .ShouldContain($"-start_at_zero {limit}{Input} -map 0:1 -vn -sn -dn -map_metadata -1 -map_chapters -1 -af aresample=48000:async=1:first_pts=0,atrim=start_pts={cut} -c:a");

    [Fact]
    public void The_sound_of_another_track_in_shorter_segments()
    {
        var plan = Samples.Plan();
        plan = plan with { Profile = plan.Profile with { SegmentSeconds = 1.5 }, Sound = plan.Sound! with { Stream = 7, Kilobits = 96 } };
        var arguments = FfmpegArguments.Audio(File, plan, 0, null, null).ToList();
        string After(string option) => arguments[arguments.IndexOf(option) + 1];
        After("-map").ShouldBe("0:7");
        After("-b:a").ShouldBe("96k");
        After("-frag_duration").ShouldBe("1500000");
    }

    [Fact]
    public void The_clock_of_a_source_without_an_index_is_set_by_hand_for_sound_and_subtitles_too()
    {
        foreach (var arguments in new[] { FfmpegArguments.Audio(File, Samples.Plan(), 0, null, 1.4), FfmpegArguments.Subtitles(File, [(2, "/tmp/0.vtt")], 1.4) })
        {
            string.Join(' ', arguments).ShouldStartWith("-v error -nostdin -progress pipe:2 -stats_period 5 -copyts -itsoffset -1.399999 ");
            arguments.ShouldNotContain(a => a == "-start_at_zero");
        }
    }

    [Fact]
    public void All_subtitles_in_one_pass() => FfmpegArguments.Subtitles(File, [(2, "/tmp/0.vtt"), (4, "/tmp/2.vtt")], null).ShouldBe((
        $"-v error -nostdin -progress pipe:2 -stats_period 5 -copyts -start_at_zero -y {Input}"
        + " -map 0:2 -c:s webvtt -avoid_negative_ts disabled -f webvtt /tmp/0.vtt"
        + " -map 0:4 -c:s webvtt -avoid_negative_ts disabled -f webvtt /tmp/2.vtt").Split(' '));

    [Fact]
    public void A_picture_as_it_is() => FfmpegArguments.Copy(File, Samples.Plan(), null).ShouldBe((
        $"-v error -nostdin -progress pipe:2 -stats_period 5 -copyts -start_at_zero {Input} -map 0:0 -an -sn -dn -map_metadata -1 -map_chapters -1"
        + " -c:v copy -fflags +bitexact -avoid_negative_ts disabled"
        + " -f mp4 -movflags +empty_moov+frag_keyframe+default_base_moof+negative_cts_offsets+frag_discont pipe:1").Split(' '));

    [Fact]
    public void A_probe_asks_for_everything_as_json() => FfmpegArguments.Probe(File).ShouldBe(
        $"-v error -show_format -show_streams -of json {Input}".Split(' '));

    [Fact]
    public void A_packet_scan_reads_one_stream() => FfmpegArguments.Packets(File, 3).ShouldBe(
        $"-v error -nostdin -progress pipe:2 -stats_period 5 -copyts {Input} -map 0:3 -c copy -copyinkf -avoid_negative_ts disabled -f framecrc pipe:1".Split(' '));

    [Fact]
    public void What_is_served_on_this_machine_is_the_only_thing_that_may_be_asked_for() =>
        FfmpegArguments.Packets("http://127.0.0.1:1234/secret", 0).SkipWhile(a => a != "-protocol_whitelist").Take(8).Where(a => !a.StartsWith("mov,", StringComparison.Ordinal))
            .ShouldBe(["-protocol_whitelist", "http,tcp", "-format_whitelist", "-http_proxy", "", "-i", "http://127.0.0.1:1234/secret"]);
}
