using HlsCache.Core.Lifecycle;

namespace HlsCache.Testing.Contracts;

public abstract class MaintenanceStoreContract
{
    protected abstract Task<IMaintenanceStore> CreateAsync();

    [Fact]
    public async Task One_instance_at_a_time_runs_a_task()
    {
        var store = await CreateAsync();
        var begun = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.TryBeginAsync("sweep", TimeSpan.Zero, Cancel), Cancel)));
        var run = begun.OfType<IAsyncDisposable>().ShouldHaveSingleItem();
        (await store.TryBeginAsync("sweep", TimeSpan.Zero, Cancel)).ShouldBeNull();
        await using (var other = await store.TryBeginAsync("reap", TimeSpan.Zero, Cancel))
        {
            other.ShouldNotBeNull();
        }

        await run.DisposeAsync();
        await using var next = await store.TryBeginAsync("sweep", TimeSpan.Zero, Cancel);
        next.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_task_is_not_run_again_too_soon()
    {
        var store = await CreateAsync();
        await (await store.TryBeginAsync("reap", TimeSpan.FromMinutes(1), Cancel)).ShouldNotBeNull().DisposeAsync();
        (await store.TryBeginAsync("reap", TimeSpan.FromMinutes(1), Cancel)).ShouldBeNull();
        await using var again = await store.TryBeginAsync("reap", TimeSpan.Zero, Cancel);
        again.ShouldNotBeNull();
    }

    [Fact]
    public async Task What_was_noted_is_known_with_its_time()
    {
        var store = await CreateAsync();
        (await store.FindAsync("tables-lost", Cancel)).ShouldBeNull();
        await store.NoteAsync("tables-lost", Cancel);
        var first = (await store.FindAsync("tables-lost", Cancel)).ShouldNotBeNull();
        await store.NoteAsync("tables-lost", Cancel);
        (await store.FindAsync("tables-lost", Cancel)).ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(first);
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
