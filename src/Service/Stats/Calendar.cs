namespace HlsCache.Service.Stats;

/// <summary>Days are those of UTC.</summary>
public static class Calendar
{
    public static DateOnly Today(this TimeProvider time) => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    public static DateTimeOffset Begin(this DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
