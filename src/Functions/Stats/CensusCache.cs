using System.Diagnostics.Metrics;
using HlsCache.Core;
using HlsCache.Core.Stats;

namespace HlsCache.Functions.Stats;

/// <summary>What the cache holds, counted a few seconds ago at most, or some minutes when counting takes seconds; also told to whoever collects measurements.</summary>
public sealed class CensusCache
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    private readonly Remembered<CacheCensus> census;

    public CensusCache(ICacheCensus census, IMeterFactory meters, TimeProvider time)
    {
        this.census = new(() => census.TakeAsync(CancellationToken.None), Memory, time);
        var meter = meters.Create(Telemetry.Name);
        meter.CreateObservableGauge("hls_cache.entries", () => Observe(c => c.Entries), "{entry}", "Complete films in the cache.");
        meter.CreateObservableGauge("hls_cache.size", () => Observe(c => c.Bytes), "By", "Size of the complete films in the cache.");
        meter.CreateObservableGauge("hls_cache.encodes.in_flight", () => Observe(c => c.EncodesInFlight), "{encode}", "Encodes that wait or run.");
    }

    /// <summary>The last count, however old; null before the first.</summary>
    public CacheCensus? Last => census.Last;

    public Task<CacheCensus> TakeAsync(CancellationToken cancellationToken) => census.GetAsync(cancellationToken);

    // A collector does not wait: it gets what is known, and what is read now the next time.
    private IEnumerable<Measurement<long>> Observe(Func<CacheCensus, long> value)
    {
        _ = census.GetAsync(CancellationToken.None);
        return Last is { } last ? [new(value(last))] : [];
    }
}
