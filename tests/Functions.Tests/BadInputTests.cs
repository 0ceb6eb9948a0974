using System.Net;
using System.Text;
using System.Text.Json;
using HlsCache.Functions.Tests.Stage;

namespace HlsCache.Functions.Tests;

/// <summary>What is refused, with which sentence, and that nothing comes of it.</summary>
public sealed class BadInputTests : AppTests
{
    private const string NoSource = "There is no such source.";
    private const string NoSegments = "The source contains an empty, '.' or '..' segment.";
    private const string NoQuality = "The quality is unknown; choose one of 2160p, 1080p, 720p, 480p, 360p, original, audio.";
    private const string NoAudio = "The audio track must be a number from 0, -1 for the film's default, or none.";
    private const string NoJson = """The body must be JSON such as {"source": "/media/film.mkv", "quality": "720p", "audio": -1}.""";
    private const string Empty = "The source is empty: it has 0 bytes.";
    private const string Missing = "The source is missing: name a film as /root/path.";
    private const string Control = "The source contains control characters or broken Unicode.";

    /// <summary>Sources that are refused.</summary>
    public static TheoryData<string, int, string> Sources => new()
    {
        { "/media/no.mkv", 404, NoSource },
        { "/nothing/film.mkv", 404, NoSource },
        { "/media/folder", 404, NoSource },
        { "/media/link.mkv", 404, NoSource },
        { "/media/%2e%2e/secret.mkv", 404, NoSource },
        { "/media/empty.mkv", 422, Empty },
        { "/media/../secret.mkv", 400, NoSegments },
        { "/media/folder/../../secret.mkv", 400, NoSegments },
        { "/media//film.mkv", 400, NoSegments },
        { "/media/./film.mkv", 400, NoSegments },
        { "/media/film.mkv/", 400, NoSegments },
        { "/media", 400, "The source names a root but no file in it." },
        { "media/film.mkv", 400, "The source must start with / and the name of a root, as in /media/film.mkv." },
        { "https://example.net/film.mkv", 400, "The source must start with / and the name of a root, as in /media/film.mkv." },
        { "/media\\film.mkv", 400, "The source contains a backslash; paths are written with /." },
        { "/media/film\0.mkv", 400, Control },
        { "/media/film\n.mkv", 400, Control },
        { "", 400, Missing },
        { "/media/" + new string('x', 4096), 400, "The source is 4103 characters long; 1024 are allowed." },
        { "/media/" + new string('x', 1000), 404, NoSource },
    };

    public BadInputTests()
    {
        cloud.Films.Write("empty.mkv", "");
        cloud.Films.Write("folder/film.mkv", "a film");
        cloud.Films.LinkOut("link.mkv");
    }

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_source_that_is_not_one_is_refused(string source, int status, string sentence) =>
        await ShouldRefuseAsync(JsonSerializer.Serialize(new { source, quality = "720p", ownSession = true }), status, sentence);

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task A_source_that_is_not_one_is_refused_in_a_link(string source, int status, string sentence)
    {
        using var response = await app.GetAsync($"/api/play.m3u8?source={Uri.EscapeDataString(source)}&quality=720p");

        await ShouldHaveRefusedAsync(response, status, sentence);
    }

    [Theory]
    [InlineData("source=/media/%2e%2e/secret.mkv&quality=720p", 400, NoSegments)]
    [InlineData("source=%2Fmedia%2F%2E%2E%2Fsecret.mkv&quality=720p", 400, NoSegments)]
    [InlineData("source=/media/%252e%252e/secret.mkv&quality=720p", 404, NoSource)]
    [InlineData("source=/media/film.mkv%00&quality=720p", 400, Control)]
    [InlineData("quality=720p", 400, Missing)]
    [InlineData("source=/media/film.mkv", 400, NoQuality)]
    [InlineData("source=/media/film.mkv&quality=720p&audio=x", 400, NoAudio)]
    [InlineData("source=/media/film.mkv&source=/media/film.mkv&quality=720p", 404, NoSource)]
    public async Task A_link_that_is_wrong_is_refused(string query, int status, string sentence)
    {
        using var response = await app.GetAsync("/api/play.m3u8?" + query);

        await ShouldHaveRefusedAsync(response, status, sentence);
    }

    [Theory]
    [InlineData("\"8k\"")]
    [InlineData("\"720P\"")]
    [InlineData("\"\"")]
    [InlineData("null")]
    public async Task An_unknown_quality_is_refused(string quality) =>
        await ShouldRefuseAsync($$"""{"source":"/media/film.mkv","quality":{{quality}},"ownSession":true}""", 400, NoQuality);

    [Theory]
    [InlineData("\"x\"")]
    [InlineData("\"\"")]
    [InlineData("\"01\"")]
    [InlineData("\"NONE\"")]
    [InlineData("\"\\ud800\"")]
    [InlineData("1.5")]
    [InlineData("1e1")]
    [InlineData("-2")]
    [InlineData("99999999999")]
    [InlineData("true")]
    [InlineData("{}")]
    [InlineData("[0]")]
    public async Task An_audio_track_that_is_none_is_refused(string audio) =>
        await ShouldRefuseAsync($$"""{"source":"/media/film.mkv","quality":"720p","audio":{{audio}},"ownSession":true}""", 400, NoAudio);

    [Fact]
    public async Task Sound_alone_without_sound_is_refused() =>
        await ShouldRefuseAsync("""{"source":"/media/film.mkv","quality":"audio","audio":"none"}""", 400, "Quality audio with audio none leaves nothing to play.");

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""["/media/film.mkv"]""")]
    [InlineData("\"/media/film.mkv\"")]
    [InlineData("7")]
    [InlineData("{")]
    [InlineData("source=/media/film.mkv&quality=720p")]
    [InlineData("""{"source":7,"quality":"720p"}""")]
    [InlineData("""{"source":{},"quality":"720p"}""")]
    [InlineData("""{"source":"/media/\ud800.mkv","quality":"720p"}""")]
    [InlineData("""{"source":"/media/film.mkv","quality":"720p","ownSession":"yes"}""")]
    [InlineData("""{"source":"/media/film.mkv","quality":"720p"} and more""")]
    public async Task A_body_that_is_no_play_request_is_refused(string body) => await ShouldRefuseAsync(body, 400, NoJson);

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    [InlineData("application/jsonp")]
    public async Task A_body_that_is_not_said_to_be_JSON_is_refused(string? type)
    {
        using var body = new ByteArrayContent([.. """{"source":"/media/film.mkv","quality":"720p"}"""u8]) { Headers = { ContentType = type is null ? null : new(type) } };
        using var response = await app.Client.PostAsync("/api/play", body, Cancelled);

        await ShouldHaveRefusedAsync(response, 415, "Send the body as JSON, with the header Content-Type: application/json.");
    }

    [Fact]
    public async Task A_body_that_is_no_UTF8_is_refused()
    {
        using var body = new ByteArrayContent([.. "{\"source\":\"/media/"u8, 0xff, 0xfe, .. "\",\"quality\":\"720p\"}"u8]) { Headers = { ContentType = new("application/json") } };
        using var response = await app.Client.PostAsync("/api/play", body, Cancelled);

        await ShouldHaveRefusedAsync(response, 400, NoJson);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_of_a_megabyte_is_refused(bool chunked)
    {
        var json = $$"""{"source":"/media/film.mkv","quality":"720p","title":"{{new string('x', 1024 * 1024)}}"}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/play") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = chunked;
        // The server answers before it has read all, and closes.
        request.Headers.ExpectContinue = true;
        using var response = await app.Client.SendAsync(request, Cancelled);

        await ShouldHaveRefusedAsync(response, 413, "Request body too large. The max request body size is 65536 bytes.");
    }

    [Fact]
    public async Task A_method_that_no_route_takes_is_refused()
    {
        (await app.GetAsync("/api/play")).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await app.GetAsync("/api/nothing")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task ShouldRefuseAsync(string body, int status, string sentence)
    {
        using var response = await app.Client.PostAsync("/api/play", new StringContent(body, Encoding.UTF8, "application/json"), Cancelled);
        await ShouldHaveRefusedAsync(response, status, sentence);
    }

    private async Task ShouldHaveRefusedAsync(HttpResponseMessage response, int status, string sentence)
    {
        await response.ShouldBeProblemAsync((HttpStatusCode)status, sentence);
        cloud.Queue.Sent.ShouldBeEmpty();
        cloud.Entries.Rows.ShouldBeEmpty();
        cloud.Sessions.Rows.ShouldBeEmpty();
        cloud.Segments.Containers.ShouldBeEmpty();
    }
}
