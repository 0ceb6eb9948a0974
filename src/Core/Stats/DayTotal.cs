namespace HlsCache.Core.Stats;

/// <summary>A day that ended, as it was logged.</summary>
/// <param name="Day">In UTC.</param>
/// <param name="Counts">Of all instances.</param>
/// <param name="Entries">Films in the cache when the day was closed.</param>
/// <param name="Bytes">Their size.</param>
public sealed record DayTotal(DateOnly Day, PlayCounts Counts, int Entries, long Bytes);
