using HlsCache.Core.Stats;

namespace HlsCache.Functions.Tests.Stage;

/// <summary>A census that finds what the test says.</summary>
internal sealed class FakeCensus : ICacheCensus
{
    private readonly TaskCompletionSource asked = new();

    public CacheCensus Finds { get; set; } = new(0, 0, 0, 0, 0, 0);

    public int Taken { get; private set; }

    /// <summary>What a census waits for.</summary>
    public Task Until { get; set; } = Task.CompletedTask;

    /// <summary>Waits until a census is being taken.</summary>
    public Task AskedAsync() => asked.Task.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, CancellationToken.None);

    public async Task<CacheCensus> TakeAsync(CancellationToken cancellationToken)
    {
        Taken++;
        asked.TrySetResult();
        await Until;
        return Finds;
    }
}
