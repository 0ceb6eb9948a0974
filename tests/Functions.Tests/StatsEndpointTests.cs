using System.Text.Json;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing.Azurite;
using HlsCache.Testing.Hosts;

namespace HlsCache.Functions.Tests;

/// <summary>What <c>GET /api/stats</c> tells.</summary>
public sealed class StatsEndpointTests(AzuriteFixture azurite) : IAsyncDisposable
{
    private readonly Cloud cloud = new();

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task Before_the_first_play_all_is_zero()
    {
        var app = await cloud.StartAsync();

        (await app.ReadAsync("/api/stats")).ShouldBe(
            """{"hits":0,"misses":0,"ratio":0,"since":null,"entries":0,"bytes":0,"budgetBytes":5368709120,"pinnedBytes":0,"encodesInFlight":0,"days":[{"day":"2026-01-02","hits":0,"misses":0,"ratio":0,"entries":0,"bytes":0}]}""");
    }

    [Fact]
    public async Task Totals_and_days_add_up_what_the_store_and_this_instance_know()
    {
        cloud.Census.Finds = new(7, 123_456, 1000, 0, 2);
        await cloud.Stats.PutAsync(new(new(2025, 6, 30), "old", new(10, 10)), CancellationToken.None);
        await cloud.Stats.PutAsync(new(new(2026, 1, 1), "a", new(2, 0)), CancellationToken.None);
        await cloud.Stats.PutAsync(new(new(2026, 1, 1), "b", new(0, 1)), CancellationToken.None);
        await cloud.Stats.TryCloseAsync(new(new(2026, 1, 1), new(2, 1), 5, 99), CancellationToken.None);
        var app = await cloud.StartAsync(settings: ("HlsCache:SizeGb", "1.5"));
        await app.PlayFilmAsync();

        (await app.ReadAsync("/api/stats")).ShouldBe(
            """{"hits":12,"misses":12,"ratio":50,"since":"2025-06-30","entries":7,"bytes":123456,"budgetBytes":1610612736,"pinnedBytes":1000,"encodesInFlight":2,"days":["""
            + """{"day":"2025-06-30","hits":10,"misses":10,"ratio":50,"entries":null,"bytes":null},"""
            + """{"day":"2026-01-01","hits":2,"misses":1,"ratio":67,"entries":5,"bytes":99},"""
            + """{"day":"2026-01-02","hits":0,"misses":1,"ratio":0,"entries":7,"bytes":123456}]}""");
    }

    [Fact]
    public async Task Others_are_asked_once_in_ten_seconds_and_days_long_past_once_in_all()
    {
        var app = await cloud.StartAsync();
        cloud.Probe.Forget();
        foreach (var _ in Enumerable.Range(0, 5))
        {
            await app.ReadAsync("/api/stats");
            cloud.Time.Advance(TimeSpan.FromSeconds(1.9));
        }

        cloud.Census.Taken.ShouldBe(1);
        cloud.Probe.Calls.ShouldBe(["stats.read 0001-01-01"]);
        cloud.Time.Advance(TimeSpan.FromSeconds(1));
        await app.ReadAsync("/api/stats");
        cloud.Census.Taken.ShouldBe(2);
        cloud.Probe.Calls.ShouldBe(["stats.read 0001-01-01", "stats.read 2025-12-26"]);
    }

    [Fact]
    public async Task What_was_read_once_stays_known()
    {
        await cloud.Stats.PutAsync(new(new(2025, 6, 30), "old", new(3, 0)), CancellationToken.None);
        await cloud.Stats.TryCloseAsync(new(new(2025, 6, 30), new(3, 0), 4, 5), CancellationToken.None);
        var app = await cloud.StartAsync();
        var first = await app.ReadAsync("/api/stats");
        cloud.Time.Advance(TimeSpan.FromSeconds(10));

        (await app.ReadAsync("/api/stats")).ShouldBe(first);
        JsonDocument.Parse(first).RootElement.GetProperty("hits").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task The_last_ninety_days_are_listed()
    {
        foreach (var n in Enumerable.Range(0, 120))
        {
            await cloud.Stats.PutAsync(new(new DateOnly(2026, 1, 1).AddDays(-n), "a", new(1, 0)), CancellationToken.None);
        }

        var stats = JsonDocument.Parse(await (await cloud.StartAsync()).ReadAsync("/api/stats")).RootElement;

        var days = stats.GetProperty("days").EnumerateArray().Select(d => d.Text("day")).ToList();
        (days.Count, days[^1]).ShouldBe((90, "2026-01-02"));
        days.ShouldBeInOrder();
        stats.GetProperty("hits").GetInt64().ShouldBe(120);
    }

    [Fact]
    public async Task Counts_outlive_the_instances_in_real_storage()
    {
        using var films = new Films();
        KeyValuePair<string, string?>[] settings = [new("Storage:ConnectionString", azurite.Server.NewAccount()), new("Sources:media:Path", films.Folder)];
        foreach (var misses in Enumerable.Range(1, 3))
        {
            await using var app = await TestFunctionApp.StartAsync(settings);
            await app.PlayFilmAsync();
            var stats = JsonDocument.Parse(await app.ReadAsync("/api/stats")).RootElement;
            stats.GetProperty("misses").GetInt64().ShouldBe(misses);
            await app.StopAsync();
        }
    }
}
