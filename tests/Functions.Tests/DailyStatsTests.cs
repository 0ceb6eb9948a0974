using HlsCache.Core.Stats;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Functions.Timers;
using HlsCache.Service.Stats;
using HlsCache.Service.Upkeep;
using HlsCache.Testing.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Functions.Tests;

/// <summary>The day that ended is logged once over all instances, and kept.</summary>
public sealed class DailyStatsTests : IAsyncDisposable
{
    private static readonly DateOnly Yesterday = new(2026, 1, 1);
    private static readonly DateTimeOffset Midnight = new(2026, 1, 3, 0, 0, 0, TimeSpan.Zero);

    private readonly Cloud cloud = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private IEnumerable<string> Lines => cloud.Log.Lines.Where(l => l.Contains("day-stats: ")).Select(l => l[l.IndexOf("[hls_cache]", StringComparison.Ordinal)..].Trim());

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task The_day_is_logged_once_over_all_instances_in_the_words_of_the_original()
    {
        var apps = new[] { await cloud.StartAsync(), await cloud.StartAsync() };
        await cloud.SealedFilmAsync();
        await apps[0].PlayFilmAsync();
        await apps[1].PlayFilmAsync();
        cloud.Films.Write("other.mkv", "another film");
        await apps[1].PlayFilmAsync(source: "/media/other.mkv");
        cloud.Census.Finds = new(12, 1_234_567, 0, 0, 0, 0);
        cloud.Time.SetUtcNow(Midnight);

        var runs = apps.Select(RunAsync).ToList();
        await cloud.Time.WaitsForAsync(DailyStats.Grace, count: 2);
        // One of them writes only now what it counted before midnight.
        await apps[1].Services.GetRequiredService<PlayCounter>().FlushAsync();
        cloud.Time.Advance(DailyStats.Grace);
        var outcomes = await Task.WhenAll(runs);

        Lines.ShouldHaveSingleItem().ShouldBe("[hls_cache] day-stats: hits=2 misses=1 ratio=67% entries=12 size=1.2MB");
        cloud.Stats.Totals.ShouldHaveSingleItem().ShouldBe(new(new(2026, 1, 2), new(2, 1), 12, 1_234_567));
        outcomes.ShouldAllBe(o => o.Succeeded);
        outcomes.Count(o => o.Summary == "Closed 2026-01-02.").ShouldBe(1);
    }

    [Fact]
    public async Task What_instances_counted_just_before_midnight_is_waited_for()
    {
        var app = await cloud.StartAsync();
        cloud.Time.SetUtcNow(Midnight - TimeSpan.FromMilliseconds(1));
        await app.PlayFilmAsync();
        cloud.Time.Advance(TimeSpan.FromMilliseconds(1));
        var run = RunAsync(app);
        await cloud.Time.WaitsForAsync(DailyStats.Grace, count: 1);
        await cloud.Stats.PutAsync(new(new(2026, 1, 2), "another", new(5, 0)), Cancelled);
        cloud.Time.Advance(DailyStats.Grace);
        await run;

        cloud.Stats.Totals.ShouldHaveSingleItem().Counts.ShouldBe(new(5, 1));
        DailyStats.Grace.ShouldBeGreaterThan(StatsFlusher.Interval);
    }

    [Fact]
    public async Task A_day_without_a_play_is_logged_as_such()
    {
        await RunAsync(await cloud.StartAsync());

        Lines.ShouldHaveSingleItem().ShouldBe("[hls_cache] day-stats: hits=0 misses=0 ratio=0% entries=0 size=0.0MB");
        cloud.Stats.Totals.ShouldHaveSingleItem().Day.ShouldBe(Yesterday);
    }

    [Fact]
    public async Task A_day_is_closed_once_however_often_it_is_asked_for()
    {
        var app = await cloud.StartAsync();
        await RunAsync(app);
        (await RunAsync(app)).ShouldBe(new(true, "Every day that ended is closed."));
        (await RunAsync(await cloud.StartAsync())).ShouldBe(new(true, "Every day that ended is closed."));

        Lines.Count().ShouldBe(1);
    }

    [Fact]
    public async Task Days_whose_midnight_was_missed_are_made_up_for_in_order()
    {
        await CountedAsync(Yesterday.AddDays(-3), 4, 0);
        await CountedAsync(Yesterday.AddDays(-2), 1, 1);
        await cloud.Stats.TryCloseAsync(new(Yesterday.AddDays(-2), new(1, 1), 0, 0), Cancelled);
        await CountedAsync(Yesterday, 0, 3);

        (await RunAsync(await cloud.StartAsync())).ShouldBe(new(true, "Closed 2025-12-29, 2026-01-01."));

        Lines.ShouldBe(["[hls_cache] day-stats: hits=4 misses=0 ratio=100% entries=0 size=0.0MB", "[hls_cache] day-stats: hits=0 misses=3 ratio=0% entries=0 size=0.0MB"]);
    }

    [Fact]
    public async Task A_midnight_that_was_missed_is_made_up_for_at_the_start()
    {
        await CountedAsync(Yesterday, 2, 1);
        await cloud.StartAsync(services => services.AddHostedService<Scheduler>());
        await cloud.Log.SaysAsync("day-stats: hits=2 misses=1 ratio=67%");
    }

    [Fact]
    public async Task Today_is_left_alone()
    {
        var app = await cloud.StartAsync();
        await app.PlayFilmAsync();
        await RunAsync(app);

        cloud.Stats.Totals.ShouldAllBe(t => t.Day == Yesterday);
    }

    private Task CountedAsync(DateOnly day, long hits, long misses) => cloud.Stats.PutAsync(new(day, "gone", new PlayCounts(hits, misses)), Cancelled);

    private static Task<TaskOutcome> RunAsync(TestFunctionApp app)
    {
        var runner = app.Services.GetRequiredService<TaskRunner>();
        return runner.RunAsync(runner.Find("daily-stats")!, Cancelled);
    }
}
