namespace HlsCache.Core.Lifecycle;

/// <summary>A mark in each table whose loss would take pins or films along: whoever empties a table takes its mark too, and so it shows.</summary>
public interface ITableMarks
{
    /// <summary>Whether every one of the tables is there and has its mark.</summary>
    Task<bool> AreThereAsync(CancellationToken cancellationToken);

    /// <summary>Makes the tables and their marks where they are missing.</summary>
    Task PlaceAsync(CancellationToken cancellationToken);
}
