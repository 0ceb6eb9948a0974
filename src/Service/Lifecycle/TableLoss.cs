using HlsCache.Core.Entries;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;

namespace HlsCache.Service.Lifecycle;

/// <summary>
/// Notices that a table was emptied or is new although there were films. Then pins are gone, so for as long as a session may last nothing is deleted.
/// That, and that the tables were once marked, is noted beside the films and not in a table.
/// </summary>
public sealed partial class TableLoss(
    IEntryStore entries, ISegmentStore segments, IMaintenanceStore maintenance, ITableMarks marks, TimeProvider time, ILogger<TableLoss> logger)
{
    private const string Lost = "tables-lost";
    private const string Marked = "tables-marked";

    /// <summary>Looks for the marks of the tables and places those that are missing. Done before the first play, whose rows would make an emptied table look whole.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        // Read before the marks, which are placed before it is noted.
        var wereMarked = await maintenance.FindAsync(Marked, cancellationToken) is not null;
        if (!await marks.AreThereAsync(cancellationToken))
        {
            if (wereMarked || await AreFilmsRowlessAsync(cancellationToken))
            {
                await maintenance.NoteAsync(Lost, cancellationToken);
                Log.Lost(logger, SessionLifetime.Longest.TotalHours);
            }

            await marks.PlaceAsync(cancellationToken);
        }

        if (!wereMarked)
        {
            await maintenance.NoteAsync(Marked, cancellationToken);
        }
    }

    /// <summary>Whether nothing may be deleted.</summary>
    public async Task<bool> IsRecentAsync(CancellationToken cancellationToken)
    {
        await LookAsync(cancellationToken);
        return await maintenance.FindAsync(Lost, cancellationToken) + SessionLifetime.Longest > time.GetUtcNow();
    }

    /// <summary>What tells a loss from a first start when the note is gone as well.</summary>
    /// <remarks>A film has its row before its container: looked for the other way round, one that another instance begins now is not mistaken.</remarks>
    private async Task<bool> AreFilmsRowlessAsync(CancellationToken cancellationToken) =>
        await segments.GenerationsAsync(cancellationToken).AnyAsync(cancellationToken) && !await entries.ListAsync(cancellationToken).AnyAsync(cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A table was emptied: films are adopted from their manifests, and nothing is deleted for {Hours:F0} hours.")]
        public static partial void Lost(ILogger logger, double hours);
    }
}
