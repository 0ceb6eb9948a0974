using HlsCache.Core.Entries;
using HlsCache.Core.Plans;
using HlsCache.Encoder.Planning;
using HlsCache.Encoder.Probing;
using HlsCache.Testing;

namespace HlsCache.Encoder.Tests.Planning;

public sealed class PlannerTests
{
    [Theory]
    [InlineData(1920, 1080, "720p", 1280, 720)]
    [InlineData(1920, 1080, "480p", 854, 480)]
    [InlineData(1920, 1080, "360p", 640, 360)]
    [InlineData(3840, 2160, "2160p", 3840, 2160)]
    // Never larger than the source.
    [InlineData(1280, 720, "1080p", 1280, 720)]
    [InlineData(320, 180, "2160p", 320, 180)]
    [InlineData(1920, 1080, "original", 1920, 1080)]
    [InlineData(7680, 4320, "original", 7680, 4320)]
    // Other shapes keep theirs.
    [InlineData(1920, 800, "480p", 1152, 480)]
    [InlineData(1440, 1080, "720p", 960, 720)]
    [InlineData(720, 1280, "720p", 406, 720)]
    [InlineData(1024, 576, "480p", 854, 480)]
    // Sizes are even.
    [InlineData(853, 481, "1080p", 852, 480)]
    [InlineData(853, 481, "360p", 638, 360)]
    [InlineData(641, 361, "original", 640, 360)]
    [InlineData(3, 3, "720p", 2, 2)]
    [InlineData(1, 1, "720p", 2, 2)]
    [InlineData(2, 1000, "360p", 2, 360)]
    public void A_picture_fits_into_the_height_and_keeps_its_shape(int width, int height, string quality, int expectedWidth, int expectedHeight)
    {
        var video = Plan(Info(width, height), quality).Video.ShouldNotBeNull();
        (video.Width, video.Height).ShouldBe((expectedWidth, expectedHeight));
    }

    [Theory]
    [InlineData(1920, 1080, "1080p", 6000, 40)]
    [InlineData(1280, 720, "2160p", 3500, 31)]
    [InlineData(320, 180, "original", 800, 30)]
    public void Bit_rate_and_level_follow_from_the_height_in_effect(int width, int height, string quality, int kilobits, int level)
    {
        var video = Plan(Info(width, height), quality).Video.ShouldNotBeNull();
        (video.MaxKilobits, video.Level).ShouldBe((kilobits, level));
    }

    [Fact]
    public void The_plan_says_what_the_entry_and_the_probe_say()
    {
        var info = new SourceInfo(
            [new(3, 1280, 720, true, new(25, 1), new(25, 1), 8.52), new(9, 640, 360, false, new(30, 1), new(30, 1), 4)],
            [new(1, "deu", false, 8.5), new(4, "eng", true, 8.53)],
            [new(5, "subrip", "eng", "Full", true)])
        { Start = 0, Seekable = true };
        var entry = Samples.Entry(Samples.Request(quality: "720p", audio: "1"));
        Planner.Plan(entry, info).Plan.ShouldNotBeNull().ShouldSatisfyAllConditions(
            p => (p.Version, p.Key, p.Generation).ShouldBe((EncodePlan.CurrentVersion, entry.Id.Key.Value, entry.Id.Generation.Value)),
            p => (p.Source, p.Quality, p.Audio, p.Stamp).ShouldBe(("/media/film.mkv", "720p", "1", "stamp")),
            p => p.Profile.ShouldBe(Samples.Profile),
            p => p.Video.ShouldBe(new VideoPlan(3, 1280, 720, true, 31, 3500, SegmentGrid.ForVideo(new(25, 1), 4), 213)),
            p => p.Sound.ShouldBe(new AudioPlan(4, 1, "eng", 128, SegmentGrid.ForAudio(4), 400)),
            p => p.Subtitles.ShouldBe([new SubtitlePlan(5, "eng", "Full", true, null)]));
    }

    [Theory]
    [InlineData(8.52, "25/1", 213)]
    [InlineData(8.5, "25/1", 213)]
    [InlineData(8.49, "25/1", 212)]
    [InlineData(10.01, "24000/1001", 240)]
    [InlineData(0.04, "25/1", 1)]
    public void The_picture_has_as_many_frames_as_its_length_gives(double seconds, string rate, long frames)
    {
        var r = Rational.Parse(rate);
        Plan(new([new(0, 640, 360, false, r, r, seconds)], [], []) { Start = 0, Seekable = true }, "360p").Video.ShouldNotBeNull().Units.ShouldBe(frames);
    }

    [Theory]
    [InlineData(1024.0 / 48000, 1)]
    [InlineData(1025.0 / 48000, 2)]
    [InlineData(8.533333, 400)] // As six decimals write 400 frames.
    [InlineData(8.533334, 400)]
    [InlineData(1, 47)]
    public void The_sound_has_whole_frames_up_to_its_end(double seconds, long frames) =>
        Plan(new([], [new(0, null, true, seconds)], []) { Start = 0, Seekable = true }, "audio").Sound.ShouldNotBeNull().Units.ShouldBe(frames);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("2", 2)]
    [InlineData("-1", 1)]
    public void The_track_asked_for_is_taken_and_the_default_is_the_flagged_one(string audio, int track) =>
        Plan(Info(640, 360, new(1, "eng", false, 9), new(2, "deu", true, 9), new(3, "fra", true, 9)), "360p", audio).Sound.ShouldNotBeNull()
            .ShouldSatisfyAllConditions(s => s.Track.ShouldBe(track), s => s.Stream.ShouldBe(track + 1));

    [Fact]
    public void Where_no_track_is_flagged_the_default_is_the_first() =>
        Plan(Info(640, 360, new(1, "eng", false, 9), new(2, "deu", false, 9)), "360p", "-1").Sound.ShouldNotBeNull().Track.ShouldBe(0);

    [Fact]
    public void Audio_none_is_the_picture_alone() => Plan(Info(640, 360, new AudioTrack(1, "eng", true, 9)), "360p", "none").Sound.ShouldBeNull();

    [Fact]
    public void A_film_without_sound_is_the_picture_alone() => Plan(Info(640, 360), "360p", "-1").ShouldSatisfyAllConditions(
        p => p.Video.ShouldNotBeNull(), p => p.Sound.ShouldBeNull());

    [Fact]
    public void Quality_audio_is_the_sound_alone_and_has_no_subtitles() =>
        Plan(Info(640, 360, new AudioTrack(1, "eng", true, 9)) with { Subtitles = [new(2, "subrip", null, null, false)] }, "audio", "-1").ShouldSatisfyAllConditions(
            p => p.Video.ShouldBeNull(), p => p.Sound.ShouldNotBeNull(), p => p.Subtitles.ShouldBeEmpty());

    [Fact]
    public void Music_is_played_whatever_quality_is_asked_for() =>
        Plan(new([], [new(0, null, true, 9)], []) { Start = 0, Seekable = true }, "720p", "-1").ShouldSatisfyAllConditions(
            p => p.Video.ShouldBeNull(), p => p.Sound.ShouldNotBeNull());

    [Theory]
    [InlineData(0, "0", "The source has no audio, so there is no track 0.")]
    [InlineData(1, "1", "The source has one audio track, numbered 0; there is no track 1.")]
    [InlineData(3, "99", "The source has 3 audio tracks, numbered 0 to 2; there is no track 99.")]
    public void A_track_that_is_not_there_is_refused_with_what_is_there(int tracks, string audio, string sentence) =>
        Refusal(Info(640, 360, [.. Enumerable.Range(1, tracks).Select(i => new AudioTrack(i, null, false, 9))]), "360p", audio).ShouldBe(sentence);

    [Fact]
    public void Nothing_to_play_is_refused()
    {
        var empty = new SourceInfo([], [], []) { Start = 0, Seekable = true };
        Refusal(empty, "360p", "-1").ShouldBe("The source has neither video nor audio that could be played.");
        Refusal(empty, "audio", "-1").ShouldBe("The source has no audio.");
        Refusal(Info(640, 360), "audio", "-1").ShouldBe("The source has no audio.");
    }

    [Theory]
    [InlineData(99_999_999, "99,999,999")]
    [InlineData(1e300, null)]
    [InlineData(48.6, "49")]
    public void What_claims_to_last_longer_than_any_film_is_refused(double hours, string? said)
    {
        var film = Info(640, 360, new AudioTrack(1, null, true, hours * 3600));
        var refusal = Refusal(film, "360p", "-1").ShouldNotBeNull();
        refusal.ShouldEndWith("hours; what lasts more than 48 is not encoded.");
        refusal.ShouldContain(said ?? "The source says");
        Refusal(Info(640, 360) with { Videos = [film.Videos[0] with { End = hours * 3600 }] }, "360p", "-1").ShouldBe(refusal);
        Plan(film, "360p", "none").Sound.ShouldBeNull();
    }

    [Fact]
    public void Two_days_are_encoded() => Plan(Info(640, 360, new AudioTrack(1, null, true, 48 * 3600)), "audio").Sound.ShouldNotBeNull().Units.ShouldBe(8_100_000);

    [Fact]
    public void A_picture_without_any_length_is_no_picture()
    {
        var info = new SourceInfo([new(0, 640, 360, false, new(25, 1), null, null)], [new(1, null, true, 9)], []) { Start = 0, Seekable = true };
        Plan(info, "360p").ShouldSatisfyAllConditions(p => p.Video.ShouldBeNull(), p => p.Sound.ShouldNotBeNull());
    }

    [Fact]
    public void Subtitles_are_named_by_title_then_language_then_number_and_never_alike() => Names(
            new(2, "subrip", "eng", "English", false),
            new(3, "ass", "eng", null, false),
            new(4, "subrip", "eng", null, false),
            new(5, "mov_text", "eng", "English", false),
            new(6, "webvtt", null, null, false),
            new(7, "subrip", "eng", null, true))
        .ShouldBe(["English", "eng", "eng 2", "English 2", "Subtitles 5", "eng 3"]);

    [Fact]
    public void A_subtitle_without_a_name_is_told_from_one_that_is_called_like_it() => Names(
            new(2, "subrip", null, "Subtitles 2", false),
            new(3, "subrip", null, null, false),
            new(4, "subrip", "eng", "eng 2", false),
            new(5, "subrip", "eng", null, false),
            new(6, "subrip", "eng", null, false))
        .ShouldBe(["Subtitles 2", "Subtitles 2 2", "eng 2", "eng", "eng 3"]);

    [Theory]
    [InlineData("subrip", true)]
    [InlineData("ass", true)]
    [InlineData("ssa", true)]
    [InlineData("webvtt", true)]
    [InlineData("mov_text", true)]
    [InlineData("text", true)]
    [InlineData("hdmv_pgs_subtitle", false)]
    [InlineData("dvd_subtitle", false)]
    [InlineData("dvb_subtitle", false)]
    [InlineData("eia_608", false)]
    public void Subtitles_that_are_pictures_are_listed_as_skipped(string codec, bool shown)
    {
        var track = Plan(Info(640, 360) with { Subtitles = [new(2, codec, "eng", null, false)] }, "360p").Subtitles.ShouldHaveSingleItem();
        track.Skipped.ShouldBe(shown ? null : $"{codec} subtitles are pictures and cannot be shown as text.");
    }

    private static IEnumerable<string> Names(params SubtitleTrack[] tracks) => Plan(Info(640, 360) with { Subtitles = tracks }, "360p").Subtitles.Select(s => s.Name);

    private static SourceInfo Info(int width, int height, params AudioTrack[] audios) =>
        new([new(0, width, height, false, new(24, 1), new(24, 1), 10)], audios, []) { Start = 0, Seekable = true };

    private static EncodePlan Plan(SourceInfo info, string quality, string audio = "-1") => Outcome(info, quality, audio).Plan.ShouldNotBeNull();

    private static string? Refusal(SourceInfo info, string quality, string audio)
    {
        var outcome = Outcome(info, quality, audio);
        outcome.Plan.ShouldBeNull();
        return outcome.Refusal;
    }

    private static PlanOutcome Outcome(SourceInfo info, string quality, string audio) => Planner.Plan(Samples.Entry(Samples.Request(quality: quality, audio: audio)), info);
}
