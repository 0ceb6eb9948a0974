using System.Diagnostics.Metrics;
using HlsCache.Core;
using HlsCache.Core.Stats;

namespace HlsCache.Service.Stats;

/// <summary>What the cache holds, counted a few seconds ago at most, or some minutes when counting takes seconds; also told to whoever collects measurements.</summary>
public sealed class CensusCache
{
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(10);

    // Many instances read every row, and share the limits of one account.
    private const int LeastRest = 50;

    private readonly Remembered<CacheCensus> census;

    public CensusCache(ICacheCensus census, IMeterFactory meters, TimeProvider time)
    {
        this.census = new(() => census.TakeAsync(CancellationToken.None), Memory, time) { LeastRest = LeastRest };
        var meter = meters.Create(Telemetry.Name);
        meter.CreateObservableGauge("hls_cache.entries", () => Observe(c => c.Entries), "{entry}", "Complete films in the cache.");
        meter.CreateObservableGauge("hls_cache.size", () => Observe(c => c.Bytes), "By", "Size of the films in the cache, those being written among them.");
        meter.CreateObservableGauge("hls_cache.encodes.in_flight", () => Observe(c => c.EncodesInFlight), "{encode}", "Encodes that wait or run.");
    }

    /// <summary>The last count, however old; null before the first.</summary>
    public CacheCensus? Last => census.Last;

    public Task<CacheCensus> TakeAsync(CancellationToken cancellationToken) => census.GetAsync(cancellationToken);

    /// <summary>A count of the last few seconds, however long it takes.</summary>
    public Task<CacheCensus> TakeFreshAsync(CancellationToken cancellationToken) => census.GetFreshAsync(cancellationToken);

    // A collector does not wait: it gets what is known, and what is read now the next time.
    private IEnumerable<Measurement<long>> Observe(Func<CacheCensus, long> value)
    {
        _ = census.GetAsync(CancellationToken.None);
        return Last is { } last ? [new(value(last))] : [];
    }
}
