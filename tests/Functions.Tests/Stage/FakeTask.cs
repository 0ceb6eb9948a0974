using HlsCache.Service.Upkeep;

namespace HlsCache.Functions.Tests.Stage;

/// <summary>A task that does what the test says, and tells when it is run.</summary>
internal sealed class FakeTask(string name, bool runsAtStart = false) : IScheduledTask
{
    private readonly SemaphoreSlim begun = new(0);
    private int runs;

    public string Name => name;

    public bool RunsAtStart => runsAtStart;

    public int Runs => runs;

    public Func<CancellationToken, Task<string>> Does { get; set; } = _ => Task.FromResult("nothing to do");

    public Task<string> RunAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref runs);
        begun.Release();
        return Does(cancellationToken);
    }

    /// <summary>Returns when one run more has begun.</summary>
    public async Task BegunAsync() => (await begun.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).ShouldBeTrue();
}
