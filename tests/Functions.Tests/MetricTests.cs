using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Functions.Timers;
using HlsCache.Service.Stats;
using HlsCache.Testing.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Functions.Tests;

/// <summary>What whoever collects measurements gets from the meter <c>HlsCache</c>.</summary>
public sealed class MetricTests : IAsyncDisposable
{
    // The timers are what makes the census at the start.
    private readonly Cloud cloud = new() { Background = [typeof(Scheduler)] };
    private readonly ConcurrentQueue<string> measured = new();
    private readonly List<string> published = [];
    private readonly MeterListener listener = new();

    public async ValueTask DisposeAsync()
    {
        listener.Dispose();
        await cloud.DisposeAsync();
    }

    [Fact]
    public async Task All_is_there_to_be_measured_from_the_start()
    {
        await ListenAsync();

        published.Order(StringComparer.Ordinal).ShouldBe(["hls_cache.encodes.in_flight", "hls_cache.entries", "hls_cache.plays", "hls_cache.size"]);
    }

    [Fact]
    public async Task Plays_are_counted_by_result_and_reason()
    {
        var app = await ListenAsync();
        var miss = await app.PlayFilmAsync();
        await app.PlayFilmAsync();
        await cloud.SealAsync(miss.Id());
        await app.PlayFilmAsync();
        cloud.Films.Replace();
        cloud.Time.Advance(TimeSpan.FromSeconds(10));
        await app.PlayFilmAsync();

        measured.ShouldBe(
        [
            "hls_cache.plays 1 {play} reason=cold result=miss",
            "hls_cache.plays 1 {play} reason=cold result=miss",
            "hls_cache.plays 1 {play} result=hit",
            "hls_cache.plays 1 {play} reason=source-changed result=miss",
        ]);
    }

    [Fact]
    public async Task What_the_cache_holds_is_told_as_it_is_known()
    {
        var taken = new TaskCompletionSource();
        (cloud.Census.Finds, cloud.Census.Until) = (new(3, 5_000_000_000, 7, 0, 0, 2), taken.Task);
        var app = await ListenAsync();
        listener.RecordObservableInstruments();
        measured.ShouldBeEmpty("nothing is known yet, and no collector is held up");
        taken.SetResult();
        await app.Services.GetRequiredService<CensusCache>().TakeAsync(TestContext.Current.CancellationToken);

        listener.RecordObservableInstruments();

        measured.Order(StringComparer.Ordinal).ShouldBe(["hls_cache.encodes.in_flight 2 {encode}", "hls_cache.entries 3 {entry}", "hls_cache.size 5000000000 By"]);
        cloud.Census.Taken.ShouldBe(1);
    }

    /// <summary>Listens to one app alone: each has a meter of that name.</summary>
    private async Task<TestFunctionApp> ListenAsync()
    {
        var app = await cloud.StartAsync();
        var factory = app.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "HlsCache" && instrument.Meter.Scope == factory)
            {
                published.Add(instrument.Name);
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            measured.Enqueue(string.Join(' ', [instrument.Name, $"{value}", instrument.Unit!, .. tags.ToArray().OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}={t.Value}")])));
        listener.Start();
        return app;
    }
}
