namespace HlsCache.Core.Stats;

/// <summary>Counts what there is.</summary>
public interface ICacheCensus
{
    Task<CacheCensus> TakeAsync(CancellationToken cancellationToken);
}
