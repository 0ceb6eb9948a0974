using HlsCache.Core.Stats;

namespace HlsCache.Functions.Tests.Stage;

/// <summary>A census that finds what the test says.</summary>
internal sealed class FakeCensus : ICacheCensus
{
    public CacheCensus Finds { get; set; } = new(0, 0, 0, 0, 0);

    public int Taken { get; private set; }

    /// <summary>What a census waits for.</summary>
    public Task Until { get; set; } = Task.CompletedTask;

    public async Task<CacheCensus> TakeAsync(CancellationToken cancellationToken)
    {
        Taken++;
        await Until;
        return Finds;
    }
}
