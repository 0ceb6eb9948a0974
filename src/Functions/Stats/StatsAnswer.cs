using HlsCache.Core.Stats;

namespace HlsCache.Functions.Stats;

/// <summary>How the cache does.</summary>
/// <param name="Hits">Plays served from the cache, of all instances since <paramref name="Since"/>.</param>
/// <param name="Misses">Plays that began or joined an encode.</param>
/// <param name="Ratio">Hits in a hundred plays.</param>
/// <param name="Since">The first day that anything was counted on, in UTC; null before.</param>
/// <param name="Entries">Complete films in the cache.</param>
/// <param name="Bytes">Size of what is in the cache, that being written included.</param>
/// <param name="BudgetBytes">What they may take.</param>
/// <param name="PinnedBytes">The part of it that live sessions pin.</param>
/// <param name="EncodesInFlight">Encodes that wait or run.</param>
/// <param name="Days">The last days, today at the end.</param>
internal sealed record StatsAnswer(
    long Hits,
    long Misses,
    int Ratio,
    DateOnly? Since,
    int Entries,
    long Bytes,
    long BudgetBytes,
    long PinnedBytes,
    int EncodesInFlight,
    IReadOnlyList<StatsDay> Days)
{
    private const int MostDays = 90;

    public static StatsAnswer Of(StatsHistory history, CacheCensus census, long budget, DateOnly today)
    {
        var days = history.Days();
        var totals = history.Totals.ToDictionary(total => total.Day);
        var all = PlayCounts.Sum(days.Values);
        StatsDay Day(DateOnly day) => day == today
            ? StatsDay.Of(day, days.GetValueOrDefault(day), census.Entries, census.Bytes)
            : StatsDay.Of(day, days.GetValueOrDefault(day), totals.GetValueOrDefault(day)?.Entries, totals.GetValueOrDefault(day)?.Bytes);
        return new(
            all.Hits,
            all.Misses,
            all.Ratio,
            days.Count > 0 ? days.Keys.Min() : null,
            census.Entries,
            census.Bytes,
            budget,
            census.PinnedBytes,
            census.EncodesInFlight,
            [.. days.Keys.Concat(totals.Keys).Append(today).Distinct().Order().TakeLast(MostDays).Select(Day)]);
    }
}
