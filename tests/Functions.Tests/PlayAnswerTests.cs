using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Core.Work;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing;

namespace HlsCache.Functions.Tests;

/// <summary>What POST /api/play answers while a film goes from cold to sealed.</summary>
public sealed class PlayAnswerTests : AppTests
{
    private static readonly string[] Always = ["key", "generation", "state", "reason", "session", "master", "progress", "expires", "blobs"];

    [Fact]
    public async Task The_first_play_is_queued_the_next_one_joins_and_after_the_seal_it_is_a_hit()
    {
        using var first = await app.TryPlayFilmAsync();
        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var queued = await Json(first);
        queued.Text("state").ShouldBe("queued");

        await cloud.PlanAsync(queued.Id());
        await cloud.ReportAsync(queued.Id(), ReadySet.Empty with { VideoInit = true, Video = IndexSet.Range(2), Audio = IndexSet.Range(1) }, speed: 3.456);
        using var second = await app.TryPlayFilmAsync();
        second.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var joined = await Json(second);
        joined.Text("state").ShouldBe("encoding");
        joined.Id().ShouldBe(queued.Id());
        // 5 segments of video (1, 1, 2, 4 and 0.5 s) and 3 of sound.
        joined.GetProperty("progress").GetRawText().ShouldBe("""{"ready":3,"total":8,"percent":37,"speed":3.46}""");

        await cloud.SealAsync(queued.Id());
        using var third = await app.TryPlayFilmAsync();
        third.StatusCode.ShouldBe(HttpStatusCode.OK);
        var hit = await Json(third);
        hit.Text("state").ShouldBe("hit");
        hit.Id().ShouldBe(queued.Id());
        // All renditions count, as they did while it was encoded.
        hit.GetProperty("progress").GetRawText().ShouldBe("""{"ready":8,"total":8,"percent":100,"speed":0}""");
        // A signature can be copied out of the answer as it stands.
        hit.GetProperty("blobs").GetProperty("sas").GetRawText().ShouldContain('&');
        cloud.Queue.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_miss_has_every_member_in_camel_case_and_no_blobs()
    {
        var miss = await app.PlayFilmAsync();

        miss.Names().ShouldBe(Always);
        miss.Text("key").ShouldBe(Samples.Request(audio: "-1").Key.Value);
        miss.Text("reason").ShouldBe("cold");
        miss.Text("session").ShouldMatch("^[0-9a-f]{16}$");
        miss.Text("master").ShouldBe($"{app.Client.BaseAddress}api/hls/{miss.Token()}/master.m3u8");
        miss.GetProperty("progress").GetRawText().ShouldBe("""{"ready":0,"total":0,"percent":0,"speed":0}""");
        miss.Text("expires").ShouldMatch(@"^2026-01-\d\dT\d\d:\d\d:\d\d(\+00:00|Z)$");
        miss.GetProperty("blobs").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task A_hit_names_the_container_its_signature_the_init_and_the_segment_count()
    {
        var film = await cloud.SealedFilmAsync();

        var hit = await app.PlayFilmAsync();

        hit.Names().ShouldBe(Always);
        hit.Text("generation").ShouldBe(film.Id.Generation.Value);
        var blobs = hit.GetProperty("blobs");
        blobs.Names().ShouldBe(["container", "sas", "init", "segments"]);
        blobs.Text("container").ShouldBe($"https://blobs.test/hls-{film.Id}");
        blobs.Text("sas").ShouldStartWith("sig=");
        blobs.Text("init").ShouldBe("video/init.mp4");
        blobs.GetProperty("segments").GetInt32().ShouldBe(5);
    }

    [Fact]
    public async Task A_hit_of_sound_alone_names_the_audio_init()
    {
        await cloud.SealedFilmAsync(plan: Samples.Plan() with { Video = null });

        var blobs = (await app.PlayFilmAsync()).GetProperty("blobs");

        blobs.Text("init").ShouldBe("audio/init.mp4");
        blobs.GetProperty("segments").GetInt32().ShouldBe(3);
    }

    [Theory]
    [InlineData("""{"source":"/media/film.mkv","quality":"720p","audio":0}""", "0")]
    [InlineData("""{"source":"/media/film.mkv","quality":"720p","audio":"0"}""", "0")]
    [InlineData("""{"source":"/media/film.mkv","quality":"720p","audio":-1}""", "-1")]
    [InlineData("""{"source":"/media/film.mkv","quality":"720p","audio":"none"}""", "none")]
    [InlineData("""{"source":"/media/film.mkv","quality":"720p","audio":null}""", "-1")]
    [InlineData("""{"source":"/media/film.mkv","quality":"720p"}""", "-1")]
    // Whether the film has so many tracks is for the probe to find out.
    [InlineData("""{"source":"/media/film.mkv","quality":"720p","audio":99}""", "99")]
    [InlineData("""{"SOURCE":"/media/film.mkv","quality":"720p","audio":"0","colour":{"depth":[10]},"title":null}""", "0")]
    public async Task The_audio_track_may_be_a_number_text_or_left_out_and_unknown_members_are_ignored(string body, string audio)
    {
        using var response = await PostAsync(new StringContent(body, Encoding.UTF8, "application/json"));

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await Json(response)).Text("key").ShouldBe(Samples.Request(audio: audio).Key.Value);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    [InlineData("application/vnd.site+json")]
    public async Task JSON_may_be_called_by_any_of_its_names(string contentType)
    {
        using var body = new ByteArrayContent("""{"source":"/media/film.mkv","quality":"720p"}"""u8.ToArray());
        body.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(contentType);

        using var response = await PostAsync(body);

        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData(MissReason.SourceChanged, "source-changed")]
    [InlineData(MissReason.FailedIntegrity, "failed-integrity")]
    [InlineData(MissReason.ExpiredFailure, "expired-failure")]
    [InlineData(MissReason.SettingsChanged, "settings-changed")]
    public async Task Reasons_are_in_kebab_case(MissReason reason, string text)
    {
        var film = await cloud.SealedFilmAsync();
        await cloud.ChangeAsync(film.Id, e => e with { Reason = reason });

        (await app.PlayFilmAsync()).Text("reason").ShouldBe(text);
    }

    private Task<HttpResponseMessage> PostAsync(HttpContent body) => app.Client.PostAsync("/api/play", body, TestContext.Current.CancellationToken);

    private static async Task<JsonElement> Json(HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
}
