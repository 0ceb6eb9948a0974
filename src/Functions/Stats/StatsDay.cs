using HlsCache.Core.Stats;

namespace HlsCache.Functions.Stats;

/// <summary>A day of the cache.</summary>
/// <param name="Ratio">Hits in a hundred plays.</param>
/// <param name="Entries">Films in the cache at the day's end; null when nobody looked.</param>
/// <param name="Bytes">Their size.</param>
internal sealed record StatsDay(DateOnly Day, long Hits, long Misses, int Ratio, int? Entries, long? Bytes)
{
    public static StatsDay Of(DateOnly day, PlayCounts counts, int? entries, long? bytes) => new(day, counts.Hits, counts.Misses, counts.Ratio, entries, bytes);
}
