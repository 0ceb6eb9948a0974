using System.Globalization;
using HlsCache.Core.Stats;
using HlsCache.Service.Upkeep;

namespace HlsCache.Service.Stats;

/// <summary>Logs the day that ended and keeps its total, once over all instances; makes up for days whose midnight was missed.</summary>
public sealed partial class DailyStats(IStatsStore store, PlayCounter counter, CensusCache census, TimeProvider time, ILogger<DailyStats> logger) : IScheduledTask
{
    /// <summary>How long after midnight all instances have written what they counted before it.</summary>
    public static readonly TimeSpan Grace = 2 * StatsFlusher.Interval;

    public string Name => "daily-stats";

    public bool RunsAtStart => true;

    public async Task<string> RunAsync(CancellationToken cancellationToken)
    {
        var today = time.Today();
        if (today.Begin() + Grace - time.GetUtcNow() is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }

        await counter.FlushAsync();
        var history = await store.ReadAsync(today.AddDays(-StatsReader.UnsettledDays), cancellationToken);
        var days = history.Days();
        var open = days.Keys.Append(today.AddDays(-1)).Where(day => day < today).Except(history.Totals.Select(total => total.Day)).Order().ToList();
        if (open.Count == 0)
        {
            return "Every day that ended is closed.";
        }

        var held = await census.TakeAsync(cancellationToken);
        var closed = new List<string>();
        foreach (var day in open)
        {
            var total = new DayTotal(day, days.GetValueOrDefault(day), held.Entries, held.Bytes);
            if (await store.TryCloseAsync(total, cancellationToken))
            {
                Log.Day(logger, total.Counts.Hits, total.Counts.Misses, total.Counts.Ratio, total.Entries, total.Bytes / 1024.0 / 1024.0);
                closed.Add(day.ToString("O", CultureInfo.InvariantCulture));
            }
        }

        return closed.Count > 0 ? $"Closed {string.Join(", ", closed)}." : "Another instance closed the day.";
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "[hls_cache] day-stats: hits={Hits} misses={Misses} ratio={Ratio}% entries={Entries} size={Megabytes:F1}MB")]
        public static partial void Day(ILogger logger, long hits, long misses, int ratio, int entries, double megabytes);
    }
}
