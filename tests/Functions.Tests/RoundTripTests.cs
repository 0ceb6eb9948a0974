using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing.Hosts;

namespace HlsCache.Functions.Tests;

/// <summary>How often a hit asks storage, one question after the other.</summary>
public sealed class RoundTripTests : AppTests
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        // The signing key is read once in an instance's life.
        await app.ReadAsync("/api/health");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cold_hit_takes_two_round_trips(bool own)
    {
        await cloud.SealedFilmAsync();
        var gate = new Gate(cloud.Probe);

        var play = app.PlayFilmAsync(own);
        await gate.HeldAsync("entries.read", "sessions.put");
        gate.Open();
        // One of the checked segments is drawn by lot.
        await gate.HeldAsync(
            "entries.read", "segments.read .complete",
            "segments.size audio/init.mp4", "segments.size audio/seg-*", "segments.size audio/seg-*",
            "segments.size video/init.mp4", "segments.size video/seg-*", "segments.size video/seg-*");
        gate.Open();

        (await play).Text("state").ShouldBe("hit");
    }

    [Fact]
    public async Task A_warm_hit_asks_nobody_for_ten_seconds()
    {
        await cloud.SealedFilmAsync();
        await app.PlayFilmAsync();
        cloud.Probe.Forget();

        for (var i = 0; i < 10; i++)
        {
            (await app.PlayFilmAsync()).Text("state").ShouldBe("hit");
            cloud.Time.Advance(TimeSpan.FromSeconds(0.99));
        }

        cloud.Probe.Calls.ShouldBeEmpty();
        cloud.Time.Advance(TimeSpan.FromSeconds(0.2));
        await app.PlayFilmAsync();
        // The session and what was verified are still known.
        cloud.Probe.Calls.ShouldBe(["entries.read"]);
    }

    [Fact]
    public async Task A_replaced_source_is_seen_after_ten_seconds()
    {
        var film = await cloud.SealedFilmAsync();
        await app.PlayFilmAsync();
        cloud.Films.Replace();

        cloud.Time.Advance(TimeSpan.FromSeconds(9.9));
        (await app.PlayFilmAsync()).Id().ShouldBe(film.Id);
        cloud.Time.Advance(TimeSpan.FromSeconds(0.1));
        var fresh = await app.PlayFilmAsync();

        fresh.Text("reason").ShouldBe("source-changed");
        (fresh.Id().Generation > film.Id.Generation).ShouldBeTrue();
    }

    [Fact]
    public async Task Whoever_wants_a_session_of_his_own_gets_it_though_the_film_is_warm()
    {
        await cloud.SealedFilmAsync();
        var shared = await app.PlayFilmAsync();

        var own = await app.PlayFilmAsync(own: true);

        own.Text("session").ShouldNotBe(shared.Text("session"), StringComparer.Ordinal);
        cloud.Sessions.Rows.ShouldContain(s => s.Id == own.Text("session") && s.Own);
    }
}
