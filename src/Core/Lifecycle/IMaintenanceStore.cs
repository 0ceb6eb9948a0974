using HlsCache.Core.Leases;

namespace HlsCache.Core.Lifecycle;

/// <summary>What all instances agree on about their upkeep: who runs a task, and when something happened last. Kept apart from the tables, so that their loss is survived.</summary>
public interface IMaintenanceStore
{
    /// <summary>
    /// Takes the lock of a task and notes that it was run now; null when another holds it, or ran it less than <paramref name="least"/> ago.
    /// </summary>
    /// <param name="task">Lower-case letters and hyphens.</param>
    Task<ILease?> TryBeginAsync(string task, TimeSpan least, CancellationToken cancellationToken);

    /// <summary>When the event of that name was noted last, or null.</summary>
    Task<DateTimeOffset?> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Notes that the event of that name happened now.</summary>
    Task NoteAsync(string name, CancellationToken cancellationToken);
}
