namespace HlsCache.Core.Stats;

/// <summary>What the store knows of some days, in order.</summary>
/// <param name="Totals">Of the days that were closed.</param>
public sealed record StatsHistory(IReadOnlyList<InstanceDay> Instances, IReadOnlyList<DayTotal> Totals)
{
    /// <summary>What was counted on each day, in order; days without a play are left out.</summary>
    public IReadOnlyDictionary<DateOnly, PlayCounts> Days() =>
        Instances.GroupBy(row => row.Day).ToDictionary(day => day.Key, day => PlayCounts.Sum(day.Select(row => row.Counts)));
}
