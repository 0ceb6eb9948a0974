using HlsCache.Core.Entries;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;

namespace HlsCache.Functions.Lifecycle;

/// <summary>
/// Notices that the tables were emptied while films are still there. Then the pins are gone too, so for as long as a session may last nothing is
/// deleted. That is noted beside the films and not in a table.
/// </summary>
public sealed partial class TableLoss(IEntryStore entries, ISegmentStore segments, IMaintenanceStore maintenance, TimeProvider time, ILogger<TableLoss> logger)
{
    private const string Note = "tables-lost";

    /// <summary>Whether nothing may be deleted.</summary>
    public async Task<bool> IsRecentAsync(CancellationToken cancellationToken)
    {
        if (!await entries.ListAsync(cancellationToken).AnyAsync(cancellationToken) && await segments.GenerationsAsync(cancellationToken).AnyAsync(cancellationToken))
        {
            await maintenance.NoteAsync(Note, cancellationToken);
            Log.Lost(logger, SessionLifetime.Longest.TotalHours);
            return true;
        }

        return await maintenance.FindAsync(Note, cancellationToken) + SessionLifetime.Longest > time.GetUtcNow();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The table of entries is empty but there are films: they are adopted from their manifests, and nothing is deleted for {Hours:F0} hours.")]
        public static partial void Lost(ILogger logger, double hours);
    }
}
