using System.Net;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing;
using HlsCache.Testing.Hosts;

namespace HlsCache.Functions.Tests;

/// <summary>Where nothing is kept for later viewers: each session has its film for itself, and it goes with it.</summary>
public sealed class PrivateTests : IAsyncDisposable
{
    private readonly Cloud cloud = new();

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task Each_play_has_a_key_a_session_and_an_encode_of_its_own()
    {
        var app = await StartAsync();
        var (a, b) = (await app.PlayFilmAsync(), await app.PlayFilmAsync());
        a.Key().ShouldNotBe(b.Key());
        a.Key().ShouldNotBe(Samples.Request(audio: "-1").Key);
        cloud.Queue.Sent.Count.ShouldBe(2);
        cloud.Sessions.Rows.Count.ShouldBe(2);
        cloud.Sessions.Rows.ShouldAllBe(s => s.Own);

        // Sealed by now, and still nobody else's.
        await cloud.SealAsync(a.Id());
        (await app.PlayFilmAsync()).Text("state").ShouldBe("queued");
    }

    [Fact]
    public async Task The_film_plays_to_its_viewer_and_is_gone_when_he_leaves()
    {
        var app = await StartAsync();
        var play = await app.PlayFilmAsync();
        await cloud.SealAsync(play.Id());
        (await app.GetAsync(play.Media("video.m3u8"))).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await app.Client.DeleteAsync(play.SessionPath(), Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        cloud.Entries.Rows.ShouldBeEmpty();
        cloud.Segments.Containers.ShouldBeEmpty();
        cloud.Sessions.Rows.ShouldBeEmpty();
        (await app.Client.DeleteAsync(play.SessionPath(), Cancelled)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Leaving_in_mid_encode_ends_the_encode_too()
    {
        var app = await StartAsync();
        var play = await app.PlayFilmAsync();
        await cloud.PlanAsync(play.Id());
        await app.Client.DeleteAsync(play.SessionPath(), Cancelled);
        cloud.Entries.Rows.ShouldBeEmpty();
        cloud.Segments.Containers.ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_films_are_kept_leaving_deletes_nothing()
    {
        var app = await cloud.StartAsync();
        var play = await app.PlayFilmAsync(own: true);
        await cloud.SealAsync(play.Id());
        await app.Client.DeleteAsync(play.SessionPath(), Cancelled);
        cloud.Entries.Rows.ShouldHaveSingleItem().State.ShouldBe(EntryState.Complete);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Task<TestFunctionApp> StartAsync() => cloud.StartAsync(settings: ("HlsCache:Enabled", "false"));
}
