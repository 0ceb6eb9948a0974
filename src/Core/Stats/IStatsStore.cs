namespace HlsCache.Core.Stats;

/// <summary>The counts of all processes, by day. Adding them up is exact, since each row has one writer and holds absolute values.</summary>
public interface IStatsStore
{
    /// <summary>Inserts or replaces what the instance counted on the day. Only the instance itself calls this.</summary>
    Task PutAsync(InstanceDay counted, CancellationToken cancellationToken);

    /// <summary>Everything from the day on.</summary>
    Task<StatsHistory> ReadAsync(DateOnly from, CancellationToken cancellationToken);

    /// <summary>Keeps the total of a day that ended; true for the one caller who does, however many try.</summary>
    Task<bool> TryCloseAsync(DayTotal total, CancellationToken cancellationToken);
}
