using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Core.Work;

namespace HlsCache.Testing.Contracts;

public abstract class WorkStoreContract
{
    protected abstract Task<IWorkStore> CreateAsync();

    [Fact]
    public async Task A_generation_nobody_works_on_has_no_reports()
    {
        var store = await CreateAsync();
        (await store.ReadAsync(Samples.NewId(), Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_report_is_read_back_whole()
    {
        var store = await CreateAsync();
        var ready = new ReadySet(true, IndexSet.Of([0, 1, 2, 7]), false, IndexSet.Of([3]), IndexSet.Of([0, 2]));
        var report = Report(Samples.NewId(), "worker-a") with { Speed = 3.75, Ready = ready };
        await store.PutAsync(report, Cancel);
        (await store.ReadAsync(report.Id, Cancel)).ShouldHaveSingleItem().ShouldBe(report);
    }

    [Fact]
    public async Task A_worker_has_one_report_and_the_last_one_counts()
    {
        var store = await CreateAsync();
        var report = Report(Samples.NewId(), "worker-a");
        await store.PutAsync(report with { Ready = ReadySet.Empty.WithSegment(Core.Plans.Rendition.Video, 9) }, Cancel);
        var later = report with { Heartbeat = report.Heartbeat.AddSeconds(5) };
        await store.PutAsync(later, Cancel);
        (await store.ReadAsync(report.Id, Cancel)).ShouldHaveSingleItem().ShouldBe(later);
    }

    [Fact]
    public async Task Workers_and_generations_are_kept_apart()
    {
        var store = await CreateAsync();
        var id = Samples.NewId();
        var (a, b) = (Report(id, "a"), Report(id, "b"));
        await store.PutAsync(a, Cancel);
        await store.PutAsync(b, Cancel);
        await store.PutAsync(Report(id with { Generation = Core.Keys.Generation.After(id.Generation, Samples.Now) }, "c"), Cancel);
        (await store.ReadAsync(id, Cancel)).ShouldBe([a, b], ignoreOrder: true);
    }

    [Fact]
    public async Task A_deleted_report_is_gone_and_deleting_again_is_no_error()
    {
        var store = await CreateAsync();
        var id = Samples.NewId();
        await store.PutAsync(Report(id, "a"), Cancel);
        await store.PutAsync(Report(id, "b"), Cancel);
        await store.DeleteAsync(id, "a", Cancel);
        await store.DeleteAsync(id, "a", Cancel);
        (await store.ReadAsync(id, Cancel)).ShouldHaveSingleItem().Worker.ShouldBe("b");
    }

    [Fact]
    public async Task All_reports_of_a_generation_go_at_once_and_no_others()
    {
        var store = await CreateAsync();
        var (id, other) = (Samples.NewId(), Samples.NewId());
        await store.PutAsync(Report(id, "a"), Cancel);
        await store.PutAsync(Report(id, "b"), Cancel);
        await store.PutAsync(Report(other, "a"), Cancel);
        await store.DeleteAsync(id, Cancel);
        await store.DeleteAsync(id, Cancel);
        (await store.ReadAsync(id, Cancel)).ShouldBeEmpty();
        (await store.ReadAsync(other, Cancel)).ShouldHaveSingleItem();
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static WorkReport Report(GenerationId id, string worker) => new(id, worker, Samples.Now, 1, ReadySet.Empty);
}
