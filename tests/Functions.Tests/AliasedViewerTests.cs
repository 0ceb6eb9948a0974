using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Sessions;
using HlsCache.Core.Work;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing;
using HlsCache.Testing.Hosts;

namespace HlsCache.Functions.Tests;

/// <summary>Viewers who began on a key before it became known as an alias.</summary>
public sealed class AliasedViewerTests : IAsyncLifetime
{
    private static readonly PlayRequest Canonical = Samples.Request(audio: "0");

    private readonly Cloud cloud = new();
    private TestFunctionApp app = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => app = await cloud.StartAsync();

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_master_leads_to_the_master_of_what_is_encoded_instead(bool own)
    {
        var miss = await app.PlayFilmAsync(own);
        var id = await cloud.FlipAsync(miss.Id(), Canonical);
        await cloud.PlanAsync(id);

        var (location, token) = await MovedAsync(miss);

        location.ShouldMatch("^\\.\\./[A-Za-z0-9_-]+/master\\.m3u8$");
        (await app.ReadAsync($"/api/hls/{token}/master.m3u8")).ShouldContain($"\n{id.Generation}/video.m3u8\n");
        await app.ReadAsync($"/api/hls/{token}/{id.Generation}/video.m3u8");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_waits_notices_at_the_next_poll(bool own)
    {
        var miss = await app.PlayFilmAsync(own);
        var waiting = app.GetAsync(miss.Master());
        await cloud.Time.WaitsAsync(1);

        await cloud.FlipAsync(miss.Id(), Canonical);
        cloud.Time.Advance(TimeSpan.FromMilliseconds(100));

        using var response = await waiting;
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Whoever_waits_for_a_generation_that_another_replaced_waits_for_that_one()
    {
        var miss = await app.PlayFilmAsync();
        var waiting = app.ReadAsync(miss.Master());
        await cloud.Time.WaitsAsync(1);
        var pointer = (await cloud.Entries.ReadAsync(miss.Key(), Cancelled)).Pointer!;
        var next = Samples.Entry(Samples.Request(audio: "-1"), miss.Id().Generation);
        (await cloud.Entries.TryStartAsync(next, pointer, Cancelled)).ShouldNotBeNull();
        await cloud.PlanAsync(next.Id);
        cloud.Entries.Remove(miss.Id());

        cloud.Time.Advance(TimeSpan.FromMilliseconds(100));

        (await waiting).ShouldContain($"\n{next.Id.Generation}/video.m3u8\n");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_session_holds_what_is_encoded_instead_before_it_is_read_and_outlives_the_token(bool own)
    {
        var miss = await app.PlayFilmAsync(own);
        await cloud.FlipAsync(miss.Id(), Canonical);
        cloud.Time.Advance(TimeSpan.FromHours(1));
        cloud.Probe.Forget();

        var (_, token) = await MovedAsync(miss);

        // The one row read is the alias' own.
        cloud.Probe.Calls.ShouldBe(
            own
                ? ["sessions.find", "entries.read", "sessions.find", "sessions.put", "sessions.find"]
                : ["entries.read", "sessions.find", "sessions.put"]);
        var session = cloud.Sessions.Rows.Single(s => s.Key == Canonical.Key);
        session.Request.ShouldBe(Canonical);
        session.Own.ShouldBe(own);
        session.From.ShouldBeNull();
        (miss.Expires() + SessionLifetime.ClockSkew).ShouldBeLessThanOrEqualTo(session.Expires);
        var beat = await BeatAsync(session.Id, token);
        (beat.Text("session"), beat.Expires()).ShouldBe((session.Id, miss.Expires()));
    }

    [Fact]
    public async Task The_shared_session_is_one_for_all_who_move()
    {
        var misses = new[] { await app.PlayFilmAsync(), await app.PlayFilmAsync() };
        await cloud.FlipAsync(misses[0].Id(), Canonical);

        (await MovedAsync(misses[0])).Token.ShouldBe((await MovedAsync(misses[1])).Token);
        cloud.Sessions.Rows.Count(s => s.Key == Canonical.Key).ShouldBe(1);
    }

    [Fact]
    public async Task A_native_player_stays_one()
    {
        using var link = await app.GetAsync("/api/play.m3u8?source=/media/film.mkv&quality=720p");
        var token = Answers.TokenOf(link.Headers.Location!.OriginalString);
        var id = await cloud.FlipAsync(cloud.Entries.Rows.Single().Id, Canonical);
        using var moved = await app.GetAsync($"/api/hls/{token}/master.m3u8");
        var before = cloud.Time.Timers;

        // It is held for longer than a page would be.
        var waiting = app.GetAsync($"/api/hls/{Answers.TokenOf(moved.Headers.Location!.OriginalString)}/master.m3u8");
        await cloud.Time.WaitsAsync(before + 1);
        await cloud.Time.StepAsync(TimeSpan.FromSeconds(20));
        await cloud.PlanAsync(id);
        cloud.Time.Advance(TimeSpan.FromMilliseconds(100));

        (await waiting).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Another_instance_moves_them_too()
    {
        var miss = await app.PlayFilmAsync();
        var id = await cloud.FlipAsync(miss.Id(), Canonical);
        await cloud.PlanAsync(id);
        app = await cloud.StartAsync();

        await app.ReadAsync($"/api/hls/{(await MovedAsync(miss)).Token}/master.m3u8");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_heartbeat_tells_how_the_encode_in_its_place_goes(bool own)
    {
        var miss = await app.PlayFilmAsync(own);
        var id = await cloud.FlipAsync(miss.Id(), Canonical);
        (await BeatAsync(miss)).Text("state").ShouldBe("queued");

        await cloud.PlanAsync(id);
        await cloud.ReportAsync(id, ReadySet.Empty, speed: 2);
        (await BeatAsync(miss)).GetProperty("progress").GetProperty("total").GetInt32().ShouldBe(8);
        await cloud.SealAsync(id);
        (await BeatAsync(miss)).Text("state").ShouldBe("hit");
    }

    [Fact]
    public async Task A_heartbeat_tells_both_sessions_where_the_viewer_is()
    {
        var miss = await app.PlayFilmAsync(own: true);
        await cloud.FlipAsync(miss.Id(), Canonical);
        await MovedAsync(miss);

        await BeatAsync(miss, 42);

        cloud.Sessions.Rows.Select(s => s.PositionSeconds).ShouldBe([42, 42]);
    }

    [Fact]
    public async Task Whoever_ends_his_session_ends_both()
    {
        var miss = await app.PlayFilmAsync(own: true);
        await cloud.FlipAsync(miss.Id(), Canonical);
        var (_, token) = await MovedAsync(miss);
        cloud.Sessions.Rows.Count.ShouldBe(2);

        using var end = await app.Client.DeleteAsync($"/api/sessions/{miss.Text("session")}?t={miss.Token()}", Cancelled);

        end.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        cloud.Sessions.Rows.ShouldBeEmpty();
        using var master = await app.GetAsync($"/api/hls/{token}/master.m3u8");
        master.StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whoever_ends_while_he_is_moved_leaves_no_session_behind(int after)
    {
        var miss = await app.PlayFilmAsync(own: true);
        await cloud.FlipAsync(miss.Id(), Canonical);
        cloud.Probe.Forget();
        var ended = false;
        cloud.Probe.Before = async call =>
        {
            // Before the row is read, before the second one is written, before the first is looked at again.
            if (!ended && cloud.Probe.Calls.Count(c => c.StartsWith("sessions.", StringComparison.Ordinal)) == after + 1)
            {
                ended = true;
                using var end = await app.Client.DeleteAsync($"/api/sessions/{miss.Text("session")}?t={miss.Token()}", Cancelled);
            }
        };

        using var master = await app.GetAsync(miss.Master());

        master.StatusCode.ShouldBe(HttpStatusCode.Gone);
        ended.ShouldBeTrue();
        cloud.Sessions.Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_shared_session_that_is_over_moves_nobody()
    {
        var miss = await app.PlayFilmAsync();
        await cloud.FlipAsync(miss.Id(), Canonical);
        await cloud.Sessions.DeleteAsync(miss.Key(), miss.Text("session"), Cancelled);

        using var master = await app.GetAsync(miss.Master());

        await master.ShouldBeProblemAsync(HttpStatusCode.Gone, "The session is over. Play the film again.");
    }

    private async Task<(string Location, string Token)> MovedAsync(JsonElement play)
    {
        using var response = await app.GetAsync(play.Master());
        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var location = response.Headers.Location!.OriginalString;
        return (location, Answers.TokenOf(location));
    }

    private Task<JsonElement> BeatAsync(JsonElement play, double position = 0) => BeatAsync(play.Text("session"), play.Token(), position);

    private async Task<JsonElement> BeatAsync(string session, string token, double position = 0)
    {
        using var response = await app.Client.PutAsJsonAsync($"/api/sessions/{session}?t={token}", new { position }, Cancelled);
        var text = await response.Content.ReadAsStringAsync(Cancelled);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
