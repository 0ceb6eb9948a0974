using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Core.Work;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing;

namespace HlsCache.Functions.Tests;

/// <summary>The playlists: the whole timeline from the start, with signed URLs where blobs exist and our own routes where they do not.</summary>
public sealed class PlaylistTests : AppTests
{
    [Fact]
    public async Task The_master_names_the_playlists_of_the_generation_in_force()
    {
        var miss = await app.PlayFilmAsync();
        await cloud.PlanAsync(miss.Id());
        var g = miss.Text("generation");

        using var response = await app.GetAsync(miss.Master());

        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/vnd.apple.mpegurl");
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(
            $"""
            #EXTM3U
            #EXT-X-VERSION:7
            #EXT-X-INDEPENDENT-SEGMENTS
            #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="eng",LANGUAGE="eng",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="2",URI="{g}/audio.m3u8"
            #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="English",LANGUAGE="eng",DEFAULT=NO,AUTOSELECT=NO,FORCED=NO,URI="{g}/subs/0.m3u8"
            #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subs",NAME="Forced",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES,URI="{g}/subs/2.m3u8"
            #EXT-X-STREAM-INF:BANDWIDTH=3990800,CODECS="avc1.64001F,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=25.000,AUDIO="audio",SUBTITLES="subs",CLOSED-CAPTIONS=NONE
            {g}/video.m3u8

            """);
    }

    [Fact]
    public async Task While_nothing_exists_every_line_is_relative()
    {
        var miss = await app.PlayFilmAsync();
        await cloud.PlanAsync(miss.Id());

        (await app.ReadAsync(miss.Media("video.m3u8"))).ShouldBe(Video("video/init.mp4", n => $"video/seg-{n}.m4s"));
        (await app.ReadAsync(miss.Media("audio.m3u8"))).ShouldBe(Sound("audio/init.mp4", n => $"audio/seg-{n}.m4s"));
        (await app.ReadAsync(miss.Media("subs/0.m3u8"))).ShouldBe(Subtitles("0/seg-0.vtt"));
    }

    [Fact]
    public async Task What_exists_is_named_by_its_signed_URL_and_what_does_not_by_ours()
    {
        var miss = await app.PlayFilmAsync();
        await cloud.PlanAsync(miss.Id());
        await cloud.ReportAsync(miss.Id(), new(true, IndexSet.Parse("0-1,3")!, false, IndexSet.Empty, IndexSet.Of([2])));

        (await app.ReadAsync(miss.Media("video.m3u8"))).ShouldBe(
            Video(Signed("video/init.mp4"), n => n is 2 or 4 ? $"video/seg-{n}.m4s" : Signed($"video/seg-{n}.m4s")));
        (await app.ReadAsync(miss.Media("audio.m3u8"))).ShouldBe(Sound("audio/init.mp4", n => $"audio/seg-{n}.m4s"));
        (await app.ReadAsync(miss.Media("subs/2.m3u8"))).ShouldBe(Subtitles(Signed("subs/2/seg-0.vtt")));

        string Signed(string name) => SignedUrl(miss, name);
    }

    [Fact]
    public async Task Of_a_sealed_film_every_line_is_signed()
    {
        await cloud.SealedFilmAsync();
        var hit = await app.PlayFilmAsync();

        (await app.ReadAsync(hit.Media("video.m3u8"))).ShouldBe(Video(SignedUrl(hit, "video/init.mp4"), n => SignedUrl(hit, $"video/seg-{n}.m4s")));
        (await app.ReadAsync(hit.Media("audio.m3u8"))).ShouldBe(Sound(SignedUrl(hit, "audio/init.mp4"), n => SignedUrl(hit, $"audio/seg-{n}.m4s")));
        (await app.ReadAsync(hit.Media("subs/0.m3u8"))).ShouldBe(Subtitles(SignedUrl(hit, "subs/0/seg-0.vtt")));
    }

    [Fact]
    public async Task A_film_that_proved_shorter_ends_earlier_in_the_playlist()
    {
        var miss = await app.PlayFilmAsync();
        await cloud.PlanAsync(miss.Id());
        await cloud.ChangeAsync(miss.Id(), e => e with { VideoUnits = 75, VideoSegments = 3 });

        var playlist = await app.ReadAsync(miss.Media("video.m3u8"));

        playlist.ShouldEndWith("#EXTINF:1.000000,\nvideo/seg-2.m4s\n#EXT-X-ENDLIST\n");
        playlist.ShouldContain("#EXT-X-TARGETDURATION:1\n");
    }

    [Theory]
    [InlineData("subs/1.m3u8")] // A bitmap, which is skipped.
    [InlineData("subs/3.m3u8")]
    public async Task A_track_that_is_not_offered_is_not_found(string playlist)
    {
        await cloud.SealedFilmAsync();
        var hit = await app.PlayFilmAsync();

        using var response = await app.GetAsync(hit.Media(playlist));

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("master.m3u8")]
    [InlineData("{g}/video.m3u8")]
    [InlineData("{g}/audio.m3u8")]
    [InlineData("{g}/subs/0.m3u8")]
    public async Task A_playlist_is_waited_for_until_the_film_is_planned(string playlist)
    {
        var miss = await app.PlayFilmAsync();
        var asked = app.ReadAsync($"/api/hls/{miss.Token()}/{playlist.Replace("{g}", miss.Text("generation"), StringComparison.Ordinal)}");
        await cloud.Time.WaitsAsync(1);

        await cloud.PlanAsync(miss.Id());
        cloud.Time.Advance(TimeSpan.FromMilliseconds(100));

        (await asked).ShouldStartWith("#EXTM3U\n");
    }

    [Fact]
    public async Task A_playlist_that_does_not_come_is_to_be_asked_for_again_and_one_that_never_will_says_why()
    {
        var miss = await app.PlayFilmAsync();
        var asked = app.GetAsync(miss.Master());
        await cloud.Time.WaitsAsync(1);
        cloud.Time.Advance(TimeSpan.FromSeconds(8));
        using var late = await asked;
        await late.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "The playlist is not there yet. Ask again.");
        late.ShouldSayRetry();

        await cloud.ChangeAsync(miss.Id(), e => e with { State = EntryState.Failed, Error = "moov atom not found", FailedAt = cloud.Time.GetUtcNow() });
        using var failed = await app.GetAsync(miss.Master());
        await failed.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "moov atom not found");
    }

    [Fact]
    public async Task The_master_of_a_key_that_is_gone_is_gone()
    {
        var miss = await app.PlayFilmAsync();
        cloud.Entries.Remove(miss.Id());

        using var response = await app.GetAsync(miss.Master());

        response.StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Playlists_are_compressed(string encoding)
    {
        await cloud.SealedFilmAsync();
        var hit = await app.PlayFilmAsync();
        var plain = await app.ReadAsync(hit.Media("video.m3u8"));
        using var request = new HttpRequestMessage(HttpMethod.Get, hit.Media("video.m3u8"));
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(encoding));

        using var response = await app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.Content.Headers.ContentEncoding.ShouldBe([encoding]);
        response.Headers.Vary.ShouldContain("Accept-Encoding", StringComparer.Ordinal);
        var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(encoding == "br" ? new BrotliStream(body, CompressionMode.Decompress) : new GZipStream(body, CompressionMode.Decompress));
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe(plain);
    }

    private static string SignedUrl(System.Text.Json.JsonElement answer, string name) =>
        $"https://blobs.test/hls-{answer.Id()}/{name}?sig=test&se={answer.Expires().ToUnixTimeSeconds()}";

    private static string Video(string init, Func<int, string> segment) =>
        $"""
        #EXTM3U
        #EXT-X-VERSION:7
        #EXT-X-TARGETDURATION:4
        #EXT-X-MEDIA-SEQUENCE:0
        #EXT-X-PLAYLIST-TYPE:VOD
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-MAP:URI="{init}"
        #EXTINF:1.000000,
        {segment(0)}
        #EXTINF:1.000000,
        {segment(1)}
        #EXTINF:2.000000,
        {segment(2)}
        #EXTINF:4.000000,
        {segment(3)}
        #EXTINF:0.520000,
        {segment(4)}
        #EXT-X-ENDLIST

        """;

    private static string Sound(string init, Func<int, string> segment) =>
        $"""
        #EXTM3U
        #EXT-X-VERSION:7
        #EXT-X-TARGETDURATION:5
        #EXT-X-MEDIA-SEQUENCE:0
        #EXT-X-PLAYLIST-TYPE:VOD
        #EXT-X-INDEPENDENT-SEGMENTS
        #EXT-X-MAP:URI="{init}"
        #EXTINF:4.010667,
        {segment(0)}
        #EXTINF:4.010666,
        {segment(1)}
        #EXTINF:0.512000,
        {segment(2)}
        #EXT-X-ENDLIST

        """;

    private static string Subtitles(string uri) =>
        $"""
        #EXTM3U
        #EXT-X-VERSION:7
        #EXT-X-TARGETDURATION:9
        #EXT-X-MEDIA-SEQUENCE:0
        #EXT-X-PLAYLIST-TYPE:VOD
        #EXTINF:8.533333,
        {uri}
        #EXT-X-ENDLIST

        """;
}
