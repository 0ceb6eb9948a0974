using HlsCache.Core.Stats;

namespace HlsCache.Functions.Stats;

/// <summary>Stands in for the census that upkeep takes.</summary>
internal sealed class NoCensus : ICacheCensus
{
    public Task<CacheCensus> TakeAsync(CancellationToken cancellationToken) => Task.FromResult(new CacheCensus(0, 0, 0, 0));
}
