using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Core.Work;
using HlsCache.Functions.Tests.Stage;

namespace HlsCache.Functions.Tests;

/// <summary>How a viewer keeps in touch, and leaves.</summary>
public sealed class SessionEndpointTests : AppTests
{
    private const string NoToken = "There is nothing here: the link is wrong or its time is over. Play the film again.";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_heartbeat_tells_how_the_encode_goes(bool own)
    {
        var play = await app.PlayFilmAsync(own);
        (await BeatOkAsync(play)).GetRawText().ShouldBe(
            $$$"""{"session":"{{{play.Text("session")}}}","expires":"{{{play.Text("expires")}}}","state":"queued","progress":{"ready":0,"total":0,"percent":0,"speed":0},"error":null}""");

        await cloud.PlanAsync(play.Id());
        await cloud.ReportAsync(play.Id(), ReadySet.Empty with { Video = IndexSet.Range(4) }, speed: 2);
        var encoding = await BeatOkAsync(play);
        encoding.Text("state").ShouldBe("encoding");
        encoding.GetProperty("progress").GetRawText().ShouldBe("""{"ready":4,"total":8,"percent":50,"speed":2}""");

        await cloud.SealAsync(play.Id());
        var hit = await BeatOkAsync(play);
        hit.Text("state").ShouldBe("hit");
        hit.GetProperty("progress").GetProperty("percent").GetInt32().ShouldBe(100);
    }

    [Fact]
    public async Task A_heartbeat_tells_of_a_failure_with_its_reason()
    {
        var play = await app.PlayFilmAsync(own: true);
        await cloud.ChangeAsync(play.Id(), e => e with { State = EntryState.Failed, Error = "moov atom not found", FailedAt = cloud.Time.GetUtcNow() });

        var answer = await BeatOkAsync(play);

        (answer.Text("state"), answer.Text("error")).ShouldBe(("failed", "moov atom not found"));
    }

    [Fact]
    public async Task The_position_is_kept_to_a_few_seconds()
    {
        var play = await app.PlayFilmAsync(own: true);
        var before = Row(play)!;
        cloud.Probe.Forget();

        foreach (var position in new[] { 0, 3, 6, 9, 10.5, 12, 300, 1 })
        {
            await BeatOkAsync(play, $$"""{"position":{{position}}}""");
        }

        // 6, 12, 300 and 1: the others are within five seconds of what is stored.
        cloud.Probe.Count("sessions.replace").ShouldBe(4);
        Row(play).ShouldBe(before with { PositionSeconds = 1 });
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"position":null}""")]
    [InlineData("""{"position":-5}""")]
    [InlineData("""{"position":"here"}""")]
    [InlineData("[1]")]
    [InlineData("no JSON")]
    public async Task A_heartbeat_without_a_position_that_makes_sense_is_a_heartbeat(string body)
    {
        var play = await app.PlayFilmAsync(own: true);
        await BeatOkAsync(play, """{"position":77}""");

        await BeatOkAsync(play, body);

        Row(play)!.PositionSeconds.ShouldBe(77);
    }

    [Fact]
    public async Task A_heartbeat_never_shortens_a_session()
    {
        var play = await app.PlayFilmAsync(own: true);
        var expires = Row(play)!.Expires;
        await cloud.SealAsync(play.Id());
        cloud.Time.Advance(TimeSpan.FromHours(1));

        await BeatOkAsync(play, """{"position":60}""");

        Row(play)!.Expires.ShouldBe(expires);
    }

    [Theory]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/end")]
    public async Task An_own_session_is_ended_and_all_that_it_opened_is_gone(string method, string path)
    {
        var play = await app.PlayFilmAsync(own: true);
        await cloud.SealAsync(play.Id());
        await app.ReadAsync(play.Media("video.m3u8"));

        (await SendAsync(method, path, play)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        cloud.Sessions.Rows.ShouldBeEmpty();
        foreach (var url in new[] { play.Master(), play.Media("video.m3u8"), play.Media("video/seg-0.m4s"), play.Media("subs/0.m3u8") })
        {
            await (await app.GetAsync(url)).ShouldBeProblemAsync(HttpStatusCode.Gone, "The session is over. Play the film again.");
        }

        await (await SendAsync("PUT", "", play)).ShouldBeProblemAsync(HttpStatusCode.Gone, "The session is over. Play the film again.");
        cloud.Sessions.Rows.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("PUT", "", null)]
    [InlineData("PUT", "", "text/plain")]
    [InlineData("POST", "/end", null)]
    [InlineData("POST", "/end", "text/plain")]
    [InlineData("POST", "/end", "application/octet-stream")]
    public async Task A_beacon_may_call_its_body_what_it_likes(string method, string path, string? type)
    {
        var play = await app.PlayFilmAsync(own: true);
        using var body = new ByteArrayContent([.. """{"position":1}"""u8]) { Headers = { ContentType = type is null ? null : new(type) } };
        using var request = new HttpRequestMessage(new(method), $"/api/sessions/{play.Text("session")}{path}?t={play.Token()}") { Content = body };

        (await app.Client.SendAsync(request, Cancelled)).IsSuccessStatusCode.ShouldBeTrue();
    }

    [Fact]
    public async Task Ending_twice_is_no_error()
    {
        var play = await app.PlayFilmAsync(own: true);

        foreach (var (method, path) in new[] { ("DELETE", ""), ("DELETE", ""), ("POST", "/end"), ("POST", "/end") })
        {
            (await SendAsync(method, path, play)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        }
    }

    [Fact]
    public async Task Another_instance_knows_of_the_end_ten_seconds_later_at_most()
    {
        var other = await cloud.StartAsync();
        var play = await app.PlayFilmAsync(own: true);
        await cloud.SealAsync(play.Id());
        await other.ReadAsync(play.Media("video.m3u8"));
        await SendAsync("DELETE", "", play);

        cloud.Time.Advance(TimeSpan.FromSeconds(10));

        (await other.GetAsync(play.Media("video.m3u8"))).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task Ending_one_of_two_own_sessions_leaves_the_other()
    {
        var leaving = await app.PlayFilmAsync(own: true);
        var staying = await app.PlayFilmAsync(own: true);
        await cloud.SealAsync(staying.Id());

        await SendAsync("DELETE", "", leaving);

        await app.ReadAsync(staying.Media("video.m3u8"));
        Row(staying).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/end")]
    public async Task Ending_a_shared_session_changes_nothing(string method, string path)
    {
        var play = await app.PlayFilmAsync();
        await cloud.SealAsync(play.Id());
        var rows = cloud.Sessions.Rows;

        (await SendAsync(method, path, play)).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        cloud.Sessions.Rows.ShouldBe(rows);
        await app.ReadAsync(play.Media("video.m3u8"));
        await BeatOkAsync(play, """{"position":50}""");
        cloud.Sessions.Rows.ShouldBe(rows);
    }

    [Fact]
    public async Task A_viewer_of_what_a_newer_version_is_at_is_not_told_that_it_is_gone()
    {
        var play = await app.PlayFilmAsync(own: true);
        cloud.Entries.Upgrade(play.Id());
        using var response = await SendAsync("PUT", "", play);
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.ShouldSayRetry();
    }

    [Fact]
    public async Task A_heartbeat_that_meets_the_end_does_not_bring_the_session_back()
    {
        var play = await app.PlayFilmAsync(own: true);
        // The viewer leaves between the heartbeat's look and its writing.
        cloud.Probe.After = call => call == "sessions.find" ? cloud.Sessions.DeleteAsync(play.Key(), play.Text("session"), Cancelled) : Task.CompletedTask;

        using var response = await SendAsync("PUT", "", play, """{"position":60}""");

        response.StatusCode.ShouldBe(HttpStatusCode.Gone);
        Row(play).ShouldBeNull();
    }

    [Theory]
    [InlineData("PUT", "")]
    [InlineData("DELETE", "")]
    [InlineData("POST", "/end")]
    public async Task An_id_that_is_not_the_tokens_own_is_not_found(string method, string path)
    {
        var mine = await app.PlayFilmAsync(own: true);
        var foreign = await app.PlayFilmAsync(own: true);
        var rows = cloud.Sessions.Rows;

        foreach (var (id, token) in new[]
        {
            (foreign.Text("session"), mine.Token()), ("0000000000000000", mine.Token()), (mine.Text("session"), "nonsense"), (mine.Text("session"), ""),
        })
        {
            await (await SendAsync(method, path, id, token)).ShouldBeProblemAsync(HttpStatusCode.NotFound, NoToken);
        }

        using var bare = new HttpRequestMessage(new(method), $"/api/sessions/{mine.Text("session")}{path}");
        await (await app.Client.SendAsync(bare, Cancelled)).ShouldBeProblemAsync(HttpStatusCode.NotFound, NoToken);
        cloud.Sessions.Rows.ShouldBe(rows);
    }

    private PlaySession? Row(JsonElement play) => cloud.Sessions.Rows.SingleOrDefault(s => s.Id == play.Text("session"));

    private async Task<JsonElement> BeatOkAsync(JsonElement play, string body = "")
    {
        using var response = await SendAsync("PUT", "", play, body);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path, JsonElement play, string body = "") =>
        SendAsync(method, path, play.Text("session"), play.Token(), body);

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string id, string token, string body = "")
    {
        using var request = new HttpRequestMessage(new(method), $"/api/sessions/{id}{path}?t={token}") { Content = new StringContent(body) };
        return await app.Client.SendAsync(request, Cancelled);
    }
}
