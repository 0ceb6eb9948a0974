using System.Text.Json;
using Azure;
using HlsCache.Core.Entries;
using HlsCache.Core.Stats;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Service.Stats;
using HlsCache.Testing.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Functions.Tests;

/// <summary>Hits and misses are exact over instances and restarts; a crash loses five seconds of them at most.</summary>
public sealed class CountTests : IAsyncDisposable
{
    private readonly Cloud cloud = new() { Background = [typeof(StatsFlusher)] };

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task Who_begins_and_who_joins_is_a_miss_and_who_is_served_a_hit_warm_or_not()
    {
        var app = await cloud.StartAsync();
        var miss = await app.PlayFilmAsync();
        await app.PlayFilmAsync();
        await cloud.PlanAsync(miss.Id());
        await app.PlayFilmAsync(own: true);
        (await CountsAsync(app)).ShouldBe(new(0, 3));

        await cloud.SealAsync(miss.Id());
        await app.PlayFilmAsync();
        await app.PlayFilmAsync();
        await app.PlayFilmAsync(own: true);
        await app.GetAsync("/api/play.m3u8?source=/media/film.mkv&quality=720p");

        (await CountsAsync(app)).ShouldBe(new(4, 3));
    }

    [Fact]
    public async Task Who_is_refused_counts_for_nothing()
    {
        var app = await cloud.StartAsync();
        var miss = await app.PlayFilmAsync();
        await cloud.ChangeAsync(miss.Id(), e => e with { State = EntryState.Failed, Error = "no", FailedAt = cloud.Time.GetUtcNow() });
        await app.TryPlayFilmAsync();
        await app.TryPlayFilmAsync(source: "/media/none.mkv");
        await app.TryPlayFilmAsync(source: "none");

        (await CountsAsync(app)).ShouldBe(new(0, 1));
    }

    [Fact]
    public async Task All_instances_count_together_and_none_loses_a_play()
    {
        var apps = new[] { await cloud.StartAsync(), await cloud.StartAsync() };
        await cloud.SealedFilmAsync();
        cloud.Films.Write("other.mkv", "another film");

        await Task.WhenAll(Enumerable.Range(0, 60).Select(i => apps[i % 2].PlayFilmAsync(source: i % 3 == 0 ? "/media/other.mkv" : "/media/film.mkv")));
        await FlushAsync(apps);

        (await CountsAsync(apps[0])).ShouldBe(new(40, 20));
        (await CountsAsync(apps[1])).ShouldBe(new(40, 20));
        cloud.Stats.Rows.Select(r => r.Counts).ShouldBe([new(20, 10), new(20, 10)]);
    }

    [Fact]
    public async Task An_instance_that_stops_writes_what_it_counted_and_its_successor_goes_on()
    {
        await using (var first = await cloud.StartAsync())
        {
            await first.PlayFilmAsync();
            await first.StopAsync();
        }

        var second = await cloud.StartAsync();
        await second.PlayFilmAsync();

        (await CountsAsync(second)).ShouldBe(new(0, 2));
        await FlushAsync(second);
        cloud.Stats.Rows.Select(r => r.Counts).ShouldBe([new(0, 1), new(0, 1)]);
    }

    [Fact]
    public async Task A_crash_loses_what_was_counted_in_the_last_five_seconds()
    {
        await using (var first = await cloud.StartAsync())
        {
            await cloud.Time.WaitsAsync(1);
            await first.PlayFilmAsync();
            await cloud.WrittenAsync(() => cloud.Time.Advance(TimeSpan.FromSeconds(5)));
            await first.PlayFilmAsync();
            cloud.Time.Advance(TimeSpan.FromSeconds(4.9));
        }

        (await CountsAsync(await cloud.StartAsync())).ShouldBe(new(0, 1));
    }

    [Fact]
    public async Task Only_what_has_changed_is_written()
    {
        var app = await cloud.StartAsync();
        await FlushAsync(app);
        cloud.Probe.Count("stats.put").ShouldBe(0);

        await app.PlayFilmAsync();
        await FlushAsync(app, app);
        cloud.Probe.Count("stats.put").ShouldBe(1);
    }

    [Fact]
    public async Task What_could_not_be_written_is_written_the_next_time()
    {
        var app = await cloud.StartAsync();
        await cloud.Time.WaitsAsync(1);
        await app.PlayFilmAsync();
        var failed = new TaskCompletionSource();
        cloud.Probe.Before = call =>
        {
            if (call == "stats.put" && failed.TrySetResult())
            {
                throw new RequestFailedException(503, "Server busy");
            }

            return Task.CompletedTask;
        };
        cloud.Time.Advance(StatsFlusher.Interval);
        await failed.Task;
        await FlushAsync(app);

        cloud.Stats.Rows.ShouldHaveSingleItem().Counts.ShouldBe(new(0, 1));
    }

    [Fact]
    public async Task A_play_counts_for_the_day_it_happened_on()
    {
        var app = await cloud.StartAsync();
        cloud.Time.SetUtcNow(new(2026, 1, 2, 23, 59, 59, 999, TimeSpan.Zero));
        await app.PlayFilmAsync();
        cloud.Time.Advance(TimeSpan.FromMilliseconds(1));
        await app.PlayFilmAsync();
        await app.PlayFilmAsync();
        await FlushAsync(app);

        cloud.Stats.Rows.Select(r => (r.Day, r.Counts)).ShouldBe([(new(2026, 1, 2), new PlayCounts(0, 1)), (new(2026, 1, 3), new PlayCounts(0, 2))]);
        cloud.Stats.Rows.Select(r => r.Instance).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
    }

    private static async Task FlushAsync(params TestFunctionApp[] apps)
    {
        foreach (var app in apps)
        {
            await app.Services.GetRequiredService<PlayCounter>().FlushAsync();
        }
    }

    /// <summary>What the app says, once it has forgotten what it knew of the other instances.</summary>
    private async Task<PlayCounts> CountsAsync(TestFunctionApp app)
    {
        cloud.Time.Advance(TimeSpan.FromSeconds(10));
        var stats = JsonDocument.Parse(await app.ReadAsync("/api/stats")).RootElement;
        return new(stats.GetProperty("hits").GetInt64(), stats.GetProperty("misses").GetInt64());
    }
}
