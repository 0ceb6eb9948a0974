using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.Functions.Tests.Stage;

namespace HlsCache.Functions.Tests;

/// <summary>Viewers of a generation that another has taken the place of.</summary>
public sealed class SupersededTests : AppTests
{
    [Fact]
    public async Task It_is_let_go_when_the_sessions_from_before_have_ended_however_often_the_film_is_played()
    {
        var old = await app.PlayFilmAsync();
        await cloud.SealAsync(old.Id());
        cloud.Films.Replace();
        cloud.Time.Advance(TimeSpan.FromMinutes(1));
        var successor = await app.PlayFilmAsync();
        successor.Text("reason").ShouldBe("source-changed");
        await cloud.SealAsync(successor.Id());
        for (var played = TimeSpan.Zero; played < TimeSpan.FromHours(40); played += TimeSpan.FromMinutes(30))
        {
            cloud.Sessions.Rows.ShouldContain(s => s.Pins(successor.Id().Generation, cloud.Time.GetUtcNow()));
            cloud.Time.Advance(TimeSpan.FromMinutes(30));
            (await app.PlayFilmAsync()).Text("state").ShouldBe("hit");
        }

        cloud.Sessions.Rows.ShouldNotContain(s => s.Pins(old.Id().Generation, cloud.Time.GetUtcNow()));
    }

    [Fact]
    public async Task While_it_was_unfinished_its_viewers_are_sent_to_the_new_one()
    {
        var old = await app.PlayFilmAsync();
        await cloud.PlanAsync(old.Id());
        cloud.Films.Replace();
        await app.PlayFilmAsync();
        var asked = app.GetAsync(old.Media("video/seg-0.m4s"));
        await cloud.Time.WaitsAsync(1);
        await cloud.Time.StepAsync(TimeSpan.FromSeconds(7.9));
        cloud.Time.Advance(TimeSpan.FromMilliseconds(100));
        (await asked).StatusCode.ShouldBe(HttpStatusCode.Gone);
    }

    [Fact]
    public async Task A_heartbeat_tells_of_what_the_viewer_still_has_when_its_successor_failed()
    {
        var watching = await app.PlayFilmAsync(own: true);
        await cloud.SealAsync(watching.Id());
        cloud.Films.Replace();
        var broken = await app.PlayFilmAsync();
        await cloud.ChangeAsync(broken.Id(), e => e with { State = EntryState.Failed, Error = "broken", FailedAt = cloud.Time.GetUtcNow() });
        (await BeatAsync(watching)).ShouldBe("hit");
    }

    [Fact]
    public async Task Or_when_the_operator_took_the_film_out_of_service()
    {
        var watching = await app.PlayFilmAsync(own: true);
        await cloud.SealAsync(watching.Id());
        (await app.Client.DeleteAsync($"/api/entries/{watching.Key()}", Cancelled)).IsSuccessStatusCode.ShouldBeTrue();
        (await BeatAsync(watching)).ShouldBe("hit");
    }

    private async Task<string> BeatAsync(JsonElement play)
    {
        using var response = await app.Client.PutAsJsonAsync(play.SessionPath(), new { position = 1 }, Cancelled);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).Text("state");
    }
}
