namespace HlsCache.Core.Stats;

/// <summary>Counts what the cache holds.</summary>
public interface ICacheCensus
{
    /// <summary>Reads all rows, so not to be asked often.</summary>
    Task<CacheCensus> TakeAsync(CancellationToken cancellationToken);
}
