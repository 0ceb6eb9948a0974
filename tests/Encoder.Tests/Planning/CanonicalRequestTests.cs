using HlsCache.Core.Keys;
using HlsCache.Core.Plans;
using HlsCache.Encoder.Planning;
using HlsCache.Encoder.Probing;
using HlsCache.Testing;

namespace HlsCache.Encoder.Tests.Planning;

public sealed class CanonicalRequestTests
{
    private static readonly List<PlayRequest> Requests =
    [
        .. from quality in Quality.All
           from audio in new[] { "-1", "0", "1", "2", "none" }
           where quality.HasVideo || audio != "none"
           select Samples.Request(quality: quality.Name, audio: audio),
    ];

    [Theory]
    [InlineData("360p", 720, "360p")]
    [InlineData("720p", 720, "720p")]
    [InlineData("1080p", 720, "720p")]
    [InlineData("2160p", 720, "720p")]
    [InlineData("original", 720, "720p")]
    [InlineData("720p", 721, "720p")]
    [InlineData("2160p", 721, "1080p")]
    [InlineData("720p", 800, "720p")]
    [InlineData("1080p", 800, "1080p")]
    [InlineData("2160p", 800, "1080p")]
    [InlineData("original", 800, "1080p")]
    [InlineData("480p", 90, "360p")]
    [InlineData("original", 2160, "2160p")]
    [InlineData("original", 2161, "original")]
    [InlineData("original", 4320, "original")]
    [InlineData("2160p", 4320, "2160p")]
    public void A_quality_above_the_picture_is_the_lowest_that_keeps_it(string asked, int height, string canonical) =>
        Of(Film(height, 1), asked, "none").Quality.Name.ShouldBe(canonical);

    [Fact]
    public void An_original_that_is_copied_is_its_own()
    {
        var copy = Samples.Video(new(24, 1), 240) with { CopiedCodec = "avc1.64001F" };
        Of(Film(720, 1), "original", "-1", copy).ShouldBe(Samples.Request(quality: "original", audio: "0"));
    }

    [Theory]
    [InlineData("-1", 2, "1")]
    [InlineData("0", 2, "0")]
    [InlineData("1", 2, "1")]
    [InlineData("none", 2, "none")]
    [InlineData("-1", 0, "none")]
    [InlineData("none", 0, "none")]
    public void The_sound_is_the_track_that_is_taken(string asked, int tracks, string canonical) =>
        Of(Film(720, tracks), "720p", asked).Audio.ToString().ShouldBe(canonical);

    [Theory]
    [InlineData("720p", "-1", "0")]
    [InlineData("original", "0", "0")]
    [InlineData("audio", "-1", "0")]
    public void Music_is_sound_alone_whatever_quality_is_asked_for(string quality, string asked, string canonical) =>
        Of(Film(720, 1) with { Videos = [] }, quality, asked).ShouldBe(Samples.Request(quality: "audio", audio: canonical));

    [Fact]
    public void A_request_and_its_canonical_one_have_the_same_plan_and_that_one_is_its_own()
    {
        foreach (var (film, request, plan) in Plans())
        {
            var canonical = CanonicalRequest.Of(request, plan, film);
            var same = Planner.Plan(Samples.Entry(canonical), film).Plan.ShouldNotBeNull();
            (same.Video, same.Sound).ShouldBe((plan.Video, plan.Sound));
            same.Subtitles.ShouldBe(plan.Subtitles);
            CanonicalRequest.Of(canonical, same, film).ShouldBe(canonical);
            PlayRequest.Parse(canonical.Source.Value, canonical.Quality.Name, canonical.Audio.ToString(), out _).ShouldBe(canonical);
        }
    }

    [Fact]
    public void Requests_that_show_the_picture_as_it_is_with_the_same_sound_have_one_canonical_request()
    {
        foreach (var same in Plans().Where(p => p.Film.Videos is not [{ Height: > 2160 }, ..]).GroupBy(p => (p.Film, p.Plan.Video, p.Plan.Sound)))
        {
            // A source that rounding brings to the size of a lower quality is encoded under both.
            var kept = same.Where(p => p.Film.Videos is not [var video, ..] || p.Request.Quality.MaxHeight >= video.Height || p.Plan.Video is null);
            kept.Select(p => CanonicalRequest.Of(p.Request, p.Plan, p.Film)).Distinct().Count().ShouldBeLessThanOrEqualTo(1);
        }
    }

    /// <summary>Every request of films of many kinds that comes to a plan.</summary>
    private static IEnumerable<(SourceInfo Film, PlayRequest Request, EncodePlan Plan)> Plans() =>
        from film in Films()
        from request in Requests
        let plan = Planner.Plan(Samples.Entry(request), film).Plan
        where plan is not null
        select (film, request, plan);

    private static IEnumerable<SourceInfo> Films() =>
        from videos in Videos().Append([])
        from audios in Audios()
        select new SourceInfo(videos, audios, [new(9, "subrip", "eng", null, false)]) { Start = 0, Seekable = true };

    private static IEnumerable<VideoTrack[]> Videos() =>
        from height in new[] { 1, 90, 360, 361, 479, 480, 481, 719, 720, 721, 800, 1079, 1080, 1081, 2159, 2160, 2161, 4320 }
        from width in new[] { 1, 853, 1281, 1920 }
        from end in new double?[] { null, 10 }
        select new VideoTrack[] { new(0, width, height, false, new(25, 1), new(25, 1), end) };

    /// <summary>None to three tracks, each of them the default one or none, and each the one that has no length or none.</summary>
    private static IEnumerable<AudioTrack[]> Audios() =>
        from count in Enumerable.Range(0, 4)
        from flagged in Enumerable.Range(0, count + 1)
        from empty in Enumerable.Range(0, count + 1)
        select Enumerable.Range(0, count).Select(i => new AudioTrack(2 + i, null, i == flagged, i == empty ? null : 10)).ToArray();

    private static SourceInfo Film(int height, int tracks) => new(
        [new(0, height * 16 / 9, height, false, new(24, 1), new(24, 1), 10)],
        [.. Enumerable.Range(0, tracks).Select(i => new AudioTrack(1 + i, null, i == tracks - 1, 10))],
        [])
    { Start = 0, Seekable = true };

    private static PlayRequest Of(SourceInfo film, string quality, string audio, VideoPlan? copy = null)
    {
        var request = Samples.Request(quality: quality, audio: audio);
        return CanonicalRequest.Of(request, Planner.Plan(Samples.Entry(request), film, copy).Plan.ShouldNotBeNull(), film);
    }
}
