using HlsCache.Core.Plans;
using HlsCache.Encoder.Ffmpeg;
using HlsCache.Testing;

namespace HlsCache.Encoder.Tests.Ffmpeg;

public sealed class VideoArgumentsTests
{
    public const string Input =
        "-protocol_whitelist file -format_whitelist "
        + "mov,matroska,mpegts,mpeg,avi,flv,asf,ogg,mp3,aac,flac,wav,w64,aiff,mpegvideo,h264,hevc,m4v,mxf,rm,nut,ac3,eac3,dts,amr,gxf,dv,nsv,wtv "
        + "-i file:/media/film.mkv";

    // 25 frames a second: segments begin at frames 0, 25, 50, 100, 200, ...
    private static readonly EncodePlan Plan = Samples.Plan();

    [Fact]
    public void The_whole_film() => Arguments(Plan, first: 0, end: null).ShouldBe(Line(
        seek: "",
        filters: "fps=fps=25/1:start_time=0:round=near,trim=start_pts=0,scale=1280:720,setsar=1",
        keyframes: "eq(n,0)+eq(n,25)+eq(n,50)+gte(n,100)*eq(mod(n-100,100),0)"));

    [Fact]
    public void The_first_range_is_not_sought() => Arguments(Plan, first: 0, end: 2).ShouldBe(Line(
        seek: "-t 3 ",
        filters: "fps=fps=25/1:start_time=0:round=near,trim=start_pts=0:end_pts=50,scale=1280:720,setsar=1",
        keyframes: "eq(n,0)+eq(n,25)+eq(n,50)+gte(n,100)*eq(mod(n-100,100),0)"));

    [Fact]
    public void A_range_that_begins_in_the_ramp_counts_its_keyframes_from_its_own_first_frame() => Arguments(Plan, first: 2, end: 4).ShouldBe(Line(
        seek: "-ss 1 -t 8 ",
        filters: "fps=fps=25/1:start_time=1:round=near,trim=start_pts=50:end_pts=200,scale=1280:720,setsar=1",
        keyframes: "eq(n,0)+gte(n,50)*eq(mod(n-50,100),0)"));

    [Fact]
    public void A_range_within_the_first_second_is_not_sought() => Arguments(Plan, first: 1, end: 2).ShouldBe(Line(
        seek: "-t 3 ",
        filters: "fps=fps=25/1:start_time=0:round=near,trim=start_pts=25:end_pts=50,scale=1280:720,setsar=1",
        keyframes: "eq(n,0)+eq(n,25)+gte(n,75)*eq(mod(n-75,100),0)"));

    [Fact]
    public void A_range_in_the_middle_is_sought_a_second_early_and_cut_by_frame_numbers() => Arguments(Plan, first: 5, end: 8).ShouldBe(Line(
        seek: "-ss 11 -t 14 ",
        filters: "fps=fps=25/1:start_time=11:round=near,trim=start_pts=300:end_pts=600,scale=1280:720,setsar=1",
        keyframes: "eq(mod(n,100),0)"));

    [Fact]
    public void The_last_range_goes_to_the_films_end_wherever_that_is() => Arguments(Plan, first: 4, end: null).ShouldBe(Line(
        seek: "-ss 7 ",
        filters: "fps=fps=25/1:start_time=7:round=near,trim=start_pts=200,scale=1280:720,setsar=1",
        keyframes: "eq(mod(n,100),0)"));

    [Fact]
    public void A_source_without_an_index_is_read_from_its_start_and_its_clock_set_by_hand() => Arguments(Plan, first: 5, end: 8, unindexedStart: 1.4).ShouldBe(Line(
        clock: "-itsoffset -1.399999",
        seek: "-t 25 ",
        filters: "fps=fps=25/1:start_time=0:round=near,trim=start_pts=300:end_pts=600,scale=1280:720,setsar=1",
        keyframes: "eq(mod(n,100),0)"));

    [Fact]
    public void Interlaced_pictures_become_whole_ones_before_anything_else() =>
        Arguments(Plan with { Video = Plan.Video! with { Deinterlace = true } }, first: 0, end: null).ShouldBe(Line(
            seek: "",
            filters: "yadif=mode=send_frame:deint=interlaced,fps=fps=25/1:start_time=0:round=near,trim=start_pts=0,scale=1280:720,setsar=1",
            keyframes: "eq(n,0)+eq(n,25)+eq(n,50)+gte(n,100)*eq(mod(n-100,100),0)"));

    [Fact]
    public void Threads_are_limited_when_a_number_is_set() => Arguments(Plan, first: 0, end: null, threads: 3).ShouldBe(Line(
        seek: "",
        filters: "fps=fps=25/1:start_time=0:round=near,trim=start_pts=0,scale=1280:720,setsar=1",
        keyframes: "eq(n,0)+eq(n,25)+eq(n,50)+gte(n,100)*eq(mod(n-100,100),0)",
        threads: "-threads 3 "));

    [Fact]
    public void What_the_profile_and_the_plan_say_is_obeyed()
    {
        var plan = Plan with
        {
            Profile = new(EncodeProfile.CurrentRecipe, 2, "libx264rgb", "slow", 18, 96),
            Video = new(3, 640, 360, false, 40, 800, SegmentGrid.ForVideo(new(24000, 1001), 2), 700),
        };
        Arguments(plan, first: 5, end: 6).ShouldBe((
            "-v error -nostdin -progress pipe:2 -stats_period 5 -copyts -start_at_zero -ss 5.006 -t 4.002 " + Input
            + " -map 0:3 -an -sn -dn -map_metadata -1 -map_chapters -1"
            + " -vf fps=fps=24000/1001:start_time=5.006:round=near,trim=start_pts=144:end_pts=192,scale=640:360,setsar=1"
            + " -fps_mode passthrough -enc_time_base 1001:24000 -c:v libx264rgb -preset slow -crf 18 -maxrate 800k -bufsize 1600k"
            + " -profile:v high -level:v 4 -pix_fmt yuv420p -g 48 -keyint_min 48 -sc_threshold 0 -force_key_frames expr:eq(mod(n,48),0)"
            + " -x264-params open-gop=0:scenecut=0:b-pyramid=none -flags +cgop -fflags +bitexact -video_track_timescale 24000 -avoid_negative_ts disabled"
            + " -f mp4 -movflags +empty_moov+frag_keyframe+default_base_moof+negative_cts_offsets+frag_discont pipe:1").Split(' '));
    }

    [Theory]
    [InlineData("/media/two words.mkv")]
    [InlineData("/media/-n.mkv")]
    [InlineData("/media/what%20? 'it' \"is\" $(x);.mkv")]
    [InlineData("/media/concat:a|b.mkv")]
    public void A_path_is_one_argument_and_names_a_file_whatever_it_looks_like(string path)
    {
        foreach (var arguments in new[]
        {
            FfmpegArguments.Video(path, Plan, 0, null, 0, null), FfmpegArguments.Audio(path, Plan, 0, null, null), FfmpegArguments.Copy(path, Plan, null),
            FfmpegArguments.Subtitles(path, [(2, "/tmp/0.vtt")], null), FfmpegArguments.Probe(path), FfmpegArguments.Packets(path, 0),
        })
        {
            arguments[arguments.ToList().IndexOf("-i") + 1].ShouldBe($"file:{path}");
            arguments.Count(a => a.Contains(path, StringComparison.Ordinal)).ShouldBe(1);
        }
    }

    private static IReadOnlyList<string> Arguments(EncodePlan plan, int first, int? end, int threads = 0, double? unindexedStart = null) =>
        FfmpegArguments.Video("/media/film.mkv", plan, first, end, threads, unindexedStart);

    private static string[] Line(string seek, string filters, string keyframes, string threads = "", string clock = "-start_at_zero") =>
        $"""
        -v error -nostdin -progress pipe:2 -stats_period 5 -copyts {clock} {seek}{Input} -map 0:0 -an -sn -dn -map_metadata -1 -map_chapters -1
        -vf {filters} -fps_mode passthrough -enc_time_base 1:25 -c:v libx264 -preset veryfast -crf 21 -maxrate 3500k -bufsize 7000k
        -profile:v high -level:v 3.1 -pix_fmt yuv420p -g 100 -keyint_min 100 -sc_threshold 0 -force_key_frames expr:{keyframes}
        -x264-params open-gop=0:scenecut=0:b-pyramid=none -flags +cgop {threads}-fflags +bitexact -video_track_timescale 12800 -avoid_negative_ts disabled
        -f mp4 -movflags +empty_moov+frag_keyframe+default_base_moof+negative_cts_offsets+frag_discont pipe:1
        """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
}
