using System.Net;
using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;
using HlsCache.Testing.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Functions.Tests;

/// <summary>When too many encodes are queued, a new film is refused and nothing of the refused play stays.</summary>
public sealed class BusyTests(AzuriteFixture azurite) : IAsyncDisposable
{
    private const string Other = "/media/other.mkv";
    private const string Refusal = "Too many films are waiting to be encoded. Try again in half a minute; films that were played before can be played now.";
    private const string NoRoom = "The films being watched and encoded fill the cache. Films that were played before can be played now; for new ones try again later, or raise HlsCache__SizeGb.";
    private const long Gigabyte = 1L << 30;

    private readonly Cloud cloud = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_film_too_many_is_refused_and_leaves_no_row_no_job_and_no_session_of_its_own(bool own)
    {
        var app = await StartAsync(most: 1);
        var first = await app.PlayFilmAsync();

        using var refused = await app.TryPlayFilmAsync(own, Other);

        await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, Refusal);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(30));
        cloud.Entries.Rows.ShouldHaveSingleItem().Id.ShouldBe(first.Id());
        cloud.Queue.Sent.ShouldHaveSingleItem();
        // The instance's own session stays: others may be asking for the same film.
        cloud.Sessions.Rows.ShouldAllBe(s => !s.Own);
    }

    [Fact]
    public async Task A_link_that_players_take_is_refused_too()
    {
        var app = await StartAsync(most: 1);
        await app.PlayFilmAsync();

        using var refused = await app.GetAsync($"/api/play.m3u8?source={Other}&quality=720p");

        await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, Refusal);
        refused.ShouldSayRetry();
    }

    [Fact]
    public async Task A_film_begins_when_there_is_room_again()
    {
        var app = await StartAsync(most: 2);
        await app.PlayFilmAsync();
        (await app.PlayFilmAsync(source: Other)).Text("state").ShouldBe("queued");
        cloud.Films.Write("third.mkv", "a third film");
        (await app.TryPlayFilmAsync(source: "/media/third.mkv")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        await using (var job = await cloud.Queue.ReceiveAsync(Cancelled))
        {
            // Worked on, it still counts.
            (await app.TryPlayFilmAsync(source: "/media/third.mkv")).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            await job.CompleteAsync(Cancelled);
        }

        (await app.PlayFilmAsync(source: "/media/third.mkv")).Text("state").ShouldBe("queued");
    }

    [Fact]
    public async Task Who_is_served_or_joins_is_not_refused_and_asks_nothing()
    {
        var app = await StartAsync(most: 1);
        await cloud.SealedFilmAsync();
        await app.PlayFilmAsync(source: Other);
        cloud.Probe.Count("queue.depth").ShouldBe(1);

        (await app.PlayFilmAsync(own: true)).Text("state").ShouldBe("hit");
        (await app.PlayFilmAsync(source: Other)).Text("state").ShouldBe("queued");
        cloud.Probe.Count("queue.depth").ShouldBe(1);
    }

    [Fact]
    public async Task How_many_are_queued_is_asked_beside_the_read_that_counts()
    {
        var app = await StartAsync(most: 1);
        await app.ReadAsync("/api/health");
        var gate = new Gate(cloud.Probe);

        var play = app.PlayFilmAsync();
        await gate.HeldAsync("entries.read", "sessions.put");
        gate.Open();
        await gate.HeldAsync("entries.read", "queue.depth");
        gate.Open();
        await gate.HeldAsync("entries.start");
        cloud.Probe.Before = _ => Task.CompletedTask;
        gate.Open();

        (await play).Text("state").ShouldBe("queued");
    }

    [Fact]
    public async Task A_sealed_film_that_proves_broken_is_not_encoded_anew_either()
    {
        var app = await StartAsync(most: 1);
        var film = await cloud.SealedFilmAsync();
        await app.PlayFilmAsync(source: Other);
        cloud.Segments.Remove(film.Id);

        (await app.TryPlayFilmAsync()).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        (await cloud.CurrentAsync(film.Id.Key)).Id.ShouldBe(film.Id);
    }

    [Fact]
    public async Task The_session_of_viewers_who_were_answered_stays_when_another_is_refused()
    {
        var app = await StartAsync(most: 1);
        await cloud.SealedFilmAsync();
        var viewer = await app.PlayFilmAsync();
        await app.PlayFilmAsync(source: Other);
        cloud.Films.Replace();
        cloud.Time.Advance(TimeSpan.FromSeconds(10));

        (await app.TryPlayFilmAsync()).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);

        cloud.Sessions.Rows.ShouldContain(s => s.Id == viewer.Text("session"));
        (await app.GetAsync(viewer.Media("video.m3u8"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_session_of_a_play_that_is_still_being_decided_stays_when_another_is_refused()
    {
        var app = await StartAsync(most: 1);
        var room = new TaskCompletionSource();
        var asked = 0;
        // The first is told that there is room, but only when the second has been refused.
        cloud.Probe.After = call => call == "queue.depth" && Interlocked.Increment(ref asked) == 1 ? room.Task : Task.CompletedTask;
        var slow = app.PlayFilmAsync();
        await cloud.Probe.SeesAsync("queue.depth");
        await cloud.Queue.SendAsync(new(EncodeJob.CurrentVersion, "8a5da4814e1f6258", "1jdtcq1c8abcdefg", 1), PlayPolicy.MessageLifetime, Cancelled);
        (await app.TryPlayFilmAsync()).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        room.SetResult();

        var session = (await slow).Text("session");
        cloud.Sessions.Rows.ShouldContain(s => s.Id == session);
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(0, 10)]
    [InlineData(4, 6)]
    public async Task When_what_is_watched_and_encoded_fills_the_cache_a_new_film_is_refused_and_one_that_is_there_is_not(long pinned, long reserved)
    {
        var app = await StartAsync(most: 10);
        await cloud.SealedFilmAsync();
        cloud.Census.Finds = new(1, pinned * Gigabyte, pinned * Gigabyte, reserved * Gigabyte, 0);
        await app.ReadAsync("/api/stats");

        using (var refused = await app.TryPlayFilmAsync(source: Other))
        {
            await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, NoRoom);
            refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(300));
        }

        (await app.PlayFilmAsync()).Text("state").ShouldBe("hit");
        cloud.Census.Finds = cloud.Census.Finds with { PinnedBytes = 0, ReservedBytes = Gigabyte };
        cloud.Time.Advance(TimeSpan.FromSeconds(10));
        (await app.PlayFilmAsync(source: Other)).Text("state").ShouldBe("queued");
    }

    [Fact]
    public async Task Nobody_waits_for_a_count_of_the_cache_who_may_come_in()
    {
        var app = await StartAsync(most: 10);
        cloud.Census.Until = new TaskCompletionSource().Task;
        (await app.PlayFilmAsync(source: Other)).Text("state").ShouldBe("queued");
        cloud.Census.Taken.ShouldBe(1);
    }

    [Fact]
    public async Task In_real_storage_the_queue_itself_is_counted()
    {
        using var films = new Films();
        films.Write("other.mkv", "another film");
        await using var app = await TestFunctionApp.StartAsync(
            [new("Storage:ConnectionString", azurite.Server.NewAccount()), new("Sources:media:Path", films.Folder), new("HlsCache:MaxQueuedEncodes", "1")]);
        var first = await app.PlayFilmAsync();
        using (var refused = await app.TryPlayFilmAsync(source: Other))
        {
            await refused.ShouldBeProblemAsync(HttpStatusCode.TooManyRequests, Refusal);
        }

        (await app.PlayFilmAsync()).Id().ShouldBe(first.Id());
        var request = Samples.Request(Other, audio: "-1");
        (await app.Services.GetRequiredService<IEntryStore>().ReadAsync(request.Key, Cancelled)).ShouldBe(new(null, null));
        await using (var job = await app.Services.GetRequiredService<IJobQueue>().ReceiveAsync(Cancelled))
        {
            job.Job!.Id().ShouldBe(first.Id());
            (await app.TryPlayFilmAsync(source: Other)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            await job.CompleteAsync(Cancelled);
        }

        (await app.PlayFilmAsync(source: Other)).Text("state").ShouldBe("queued");
    }

    private Task<TestFunctionApp> StartAsync(int most)
    {
        cloud.Films.Write("other.mkv", "another film");
        return cloud.StartAsync(settings: ("HlsCache:MaxQueuedEncodes", $"{most}"));
    }
}
