using System.Globalization;

namespace HlsCache.EndToEnd.Tests.Sources;

/// <summary>Films of every kind, from the first play to the last segment of the second.</summary>
[Collection(SourcesGroup.Name)]
public sealed class SourceKindTests(SourcePlays plays)
{
    private const double GoodDecibels = 35;
    private const int SamplesPerFrame = 1024;

    [Theory]
    [InlineData("h264-25.mp4", "25/1", 320, 180)]
    [InlineData("h264-23.976.mkv", "24000/1001", 320, 180, true)]
    [InlineData("h264-29.97-pcm.mov", "30000/1001", 320, 180)]
    [InlineData("vp9-30.webm", "30/1", 320, 180)]
    [InlineData("h264-25.ts", "25/1", 320, 180)]
    [InlineData("hevc10-24-surround.mkv", "24/1", 320, 180)]
    [InlineData("mpeg4-25.avi", "25/1", 320, 180)]
    [InlineData("mpeg2-25-wide-pixels.mpg", "25/1", 398, 180)]
    [InlineData("h264-60-mono.mp4", "60/1", 320, 180)]
    [InlineData("h264-25.flv", "25/1", 320, 180)]
    [InlineData("theora-25.ogv", "25/1", 320, 180)]
    [InlineData("wmv-25.wmv", "25/1", 320, 180)]
    [InlineData("variable.mkv", "25/1", 320, 180)]
    [InlineData("rotated.mp4", "25/1", 180, 320)]
    [InlineData("odd-444.mkv", "25/1", 320, 180)]
    [InlineData("starts-at-5.3.mkv", "25/1", 320, 180)]
    [InlineData("edit-list.mp4", "25/1", 320, 180)]
    [InlineData("three-tracks.mkv", "25/1", 320, 180)]
    [InlineData("short-sound.mp4", "25/1", 320, 180)]
    [InlineData("late-sound.mkv", "25/1", 320, 180)]
    [InlineData("late-sound.ts", "25/1", 320, 180)]
    [InlineData("late-picture.ts", "25/1", 320, 180)]
    public async Task A_film_is_played_frame_by_frame_as_it_is(string name, string rate, int width, int height, bool defaultPreset = false)
    {
        var played = await plays.PlayAsync(name, defaultPreset: defaultPreset);
        await CheckPictureAsync(played, rate, width, height);
        await CheckSoundAsync(played, name == "three-tracks.mkv" ? "a:1" : "a:0");
    }

    [Fact]
    public async Task A_real_film_is_played_frame_by_frame_as_it_is()
    {
        var played = await plays.PlayAsync("big-buck-bunny.mp4", defaultPreset: true);
        var frames = await CheckPictureAsync(played, "24/1", 640, 360, leastDecibels: 30);
        frames.ShouldBe(720);
        await CheckSoundAsync(played, "a:0");
    }

    [Fact]
    public async Task A_film_without_sound_is_its_picture()
    {
        var played = await plays.PlayAsync("silent.mp4");
        (await CheckPictureAsync(played, "25/1", 320, 180)).ShouldBe(150);
        played.Audio.ShouldBeNull();
        played.Master.ShouldNotContain("TYPE=AUDIO");
    }

    [Fact]
    public async Task Eight_and_a_half_seconds_end_with_the_remainder()
    {
        var played = await plays.PlayAsync("h264-25.mp4");
        played.Video.ShouldNotBeNull().Lengths.ShouldBe([1_000_000, 1_000_000, 2_000_000, 4_000_000, 520_000]);
        played.Answer.GetProperty("blobs").GetProperty("segments").GetInt32().ShouldBe(5);
    }

    // Frames are shown on a grid that begins with the film, so a picture that begins more than half a frame later begins on the grid's second
    // frame, and the first shows the same. No frame is more than half of one away from where it belongs, and none is lost.
    [Fact]
    public async Task A_picture_that_begins_more_than_half_a_frame_late_has_its_first_frame_twice()
    {
        var played = await plays.PlayAsync("picture-23-ms-late.mov");
        (await CheckPictureAsync(played, "25/1", 320, 180)).ShouldBe(151);
        var brightness = await Media.BrightnessAsync(played.Video.ShouldNotBeNull().File);
        Math.Abs(brightness[1] - brightness[0]).ShouldBeLessThan(3);
        Math.Abs(brightness[2] - brightness[1]).ShouldBeGreaterThan(5);
    }

    [Theory]
    [InlineData(0, 440)]
    [InlineData(1, 660)]
    [InlineData(2, 880)]
    [InlineData(-1, 660)] // The one that the film flags.
    public async Task The_track_asked_for_is_heard(int track, int hertz)
    {
        var played = await plays.PlayAsync("three-tracks.mkv", "audio", track);
        played.Video.ShouldBeNull();
        Media.Pitch(await Media.SoundAsync(played.Audio.ShouldNotBeNull().File, "a:0")).ShouldBe(hertz, 2);
        await CheckSoundAsync(played, $"a:{(track < 0 ? 1 : track)}");
    }

    [Fact]
    public async Task Audio_none_is_not_heard() => (await plays.PlayAsync("three-tracks.mkv", "360p", "none")).Audio.ShouldBeNull();

    [Theory]
    [InlineData("music.mp3", "audio")]
    [InlineData("music.mp3", "720p")]
    [InlineData("music.m4a", "720p")]
    [InlineData("cover.mp3", "audio")]
    [InlineData("cover.mp3", "360p")]
    public async Task Music_is_played_as_sound_alone(string name, string quality)
    {
        var played = await plays.PlayAsync(name, quality);
        played.Video.ShouldBeNull();
        played.Master.ShouldNotContain("RESOLUTION");
        await CheckSoundAsync(played, "a:0");
        Media.Pitch(await Media.SoundAsync(played.Audio.ShouldNotBeNull().File, "a:0")).ShouldBe(440, 2);
    }

    [Theory]
    [InlineData("cut.mkv", "long.mkv")]
    [InlineData("cut.mp4", "long.mp4")]
    public async Task A_film_that_is_cut_short_ends_where_it_was_cut(string name, string of)
    {
        await plays.TruncatedAsync(name, of, 0.6);
        var played = await plays.PlayAsync(name);
        var seconds = played.Video.ShouldNotBeNull().Seconds;
        seconds.ShouldBeInRange(6, 8);
        var frames = await CheckPictureAsync(played, "25/1", 320, 180);
        (frames / 25.0).ShouldBe(seconds, 1e-6);
        played.Audio.ShouldNotBeNull().Seconds.ShouldBe(seconds, 1);
        await Media.DecodeAsync(played.Audio.File);
    }

    [Fact]
    public async Task Subtitles_of_a_matroska_file_become_WebVTT()
    {
        var played = await plays.PlayAsync("subtitles.mkv");
        await CheckPictureAsync(played, "25/1", 320, 180);
        played.Subtitles.Count.ShouldBe(2);
        played.Subtitles.ShouldAllBe(s => IsOurs(s));
        played.Master.ShouldContain("NAME=\"eng\"");
        played.Master.ShouldContain("NAME=\"Styled\"");
    }

    [Fact]
    public async Task Subtitles_of_an_mp4_become_WebVTT()
    {
        var played = await plays.PlayAsync("subtitles.mp4");
        IsOurs(played.Subtitles.ShouldHaveSingleItem()).ShouldBeTrue(played.Subtitles[0]);
        played.Master.ShouldContain("LANGUAGE=\"deu\"");
    }

    [Theory]
    [InlineData("flash.mp4", 0)]
    [InlineData("flash.ts", 0)]
    [InlineData("flash-pcm.mov", 0)]
    [InlineData("flash-starts-at-5.3.mkv", 0)]
    [InlineData("flash-edit-list.mp4", 0.9)]
    public async Task Flash_and_beep_come_together_and_when_they_should(string name, double cut)
    {
        const double Frame = 1.0 / 25;
        var played = await plays.PlayAsync(name);
        var brightness = await Media.BrightnessAsync(played.Video.ShouldNotBeNull().File);
        var sound = await Media.SoundAsync(played.Audio.ShouldNotBeNull().File, "a:0");
        foreach (var second in new[] { 2, 5 })
        {
            var before = (int)((second - cut - 0.5) * 25);
            var flash = (before + Array.FindIndex(brightness[before..], b => b > 128)) / 25.0;
            var quiet = (int)((second - cut - 0.5) * 48_000);
            var beep = (quiet + Array.FindIndex(sound[quiet..], s => Math.Abs((int)s) > 4000)) / 48_000.0;
            flash.ShouldBe(second - cut, Frame + 1e-9);
            beep.ShouldBe(second - cut, Frame);
            beep.ShouldBe(flash, Frame);
        }
    }

    [Theory]
    [InlineData("h264-25.mp4", "25/1")]
    [InlineData("h264-60-mono.mp4", "60/1")]
    public async Task A_picture_one_frame_off_would_show(string name, string rate)
    {
        var played = await plays.PlayAsync(name);
        foreach (var shift in new[] { 1, 2, 3 })
        {
            var decibels = await Media.CompareAsync(played.Video.ShouldNotBeNull().File, played.Source, rate, 320, 180, shift);
            decibels.ShouldAllBe(d => d < GoodDecibels - 3);
        }
    }

    private static bool IsOurs(string webVtt)
    {
        webVtt.ShouldStartWith("WEBVTT");
        var cues = webVtt.Split('\n').Where(l => l.Contains("-->", StringComparison.Ordinal)).Select(l => l.Split(" --> ").Select(Seconds).ToArray()).ToList();
        cues.Count.ShouldBe(2);
        foreach (var (cue, (from, to)) in cues.Zip([(1, 2), (3.5, 4.0)]))
        {
            cue[0].ShouldBe(from, 0.05);
            cue[1].ShouldBe(to, 0.05);
        }

        return webVtt.Contains("Hello there", StringComparison.Ordinal) && webVtt.Contains("Good bye", StringComparison.Ordinal);

        static double Seconds(string text) => text.Trim().Split(':').Aggregate(0.0, (sum, part) => (sum * 60) + double.Parse(part, CultureInfo.InvariantCulture));
    }

    /// <summary>Checks the picture from its boxes to its pixels; returns how many frames it has.</summary>
    private static async Task<int> CheckPictureAsync(Played played, string rate, int width, int height, double leastDecibels = GoodDecibels)
    {
        var video = played.Video.ShouldNotBeNull();
        await Media.DecodeAsync(video.File);
        (await Media.EntryAsync(video.File, "v:0", "width,height,pix_fmt")).ShouldBe($"{width},{height},yuv420p");

        // The playlist's lengths are whole frames, and as many as there are.
        var parts = rate.Split('/').Select(Media.Number).ToArray();
        var perSecond = parts[0] / parts[1];
        var ticks = await Media.TicksAsync(video.File, "v:0");
        (video.Seconds * perSecond).ShouldBe(ticks.Count, 0.001);
        Math.Abs(ticks.Count - (await Media.EndAsync(played.Source, "v:0") * perSecond)).ShouldBeLessThan(1);

        // One tick after the other, across all joints.
        var timescale = Media.Number((await Media.EntryAsync(video.File, "v:0", "time_base")).Split('/')[1]);
        var step = (long)Math.Round(timescale / perSecond);
        ticks.Zip(ticks.Skip(1), (a, b) => b - a).ShouldAllBe(d => d == step);

        // Each segment says that it begins where the playlist puts it.
        var starts = video.Lengths.Aggregate(new List<long> { 0 }, (list, length) => [.. list, list[^1] + length]);
        video.DecodeTimes.ShouldBe(starts.SkipLast(1).Select(s => step * (long)Math.Round(s / 1e6 * perSecond)));

        var decibels = await Media.CompareAsync(video.File, played.Source, rate, width, height);
        decibels.Count.ShouldBe(ticks.Count);
        decibels.Min().ShouldBeGreaterThan(leastDecibels);
        return ticks.Count;
    }

    private static async Task CheckSoundAsync(Played played, string stream)
    {
        var audio = played.Audio.ShouldNotBeNull();
        await Media.DecodeAsync(audio.File);
        (await Media.EntryAsync(audio.File, "a:0", "codec_name,sample_rate,channels")).ShouldBe("aac,48000,2");
        var ticks = await Media.TicksAsync(audio.File, "a:0");
        ticks[0].ShouldBe(0);
        ticks.Zip(ticks.Skip(1), (a, b) => b - a).ShouldAllBe(d => d == SamplesPerFrame);
        (audio.Seconds * 48_000).ShouldBe(ticks.Count * SamplesPerFrame, 1);
        audio.DecodeTimes[0].ShouldBe(0);

        var heard = await Media.SoundAsync(audio.File, "a:0");
        heard.Length.ShouldBe(ticks.Count * SamplesPerFrame);
        var source = await Media.SoundAsync(played.Source, stream);
        Math.Abs(heard.Length - source.Length).ShouldBeLessThanOrEqualTo(SamplesPerFrame);
    }
}
