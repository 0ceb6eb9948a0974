using HlsCache.Core.Stats;

namespace HlsCache.Testing.Contracts;

public abstract class StatsStoreContract
{
    private static readonly DateOnly Day = new(2026, 1, 2);

    protected abstract Task<IStatsStore> CreateAsync();

    [Fact]
    public async Task Where_nothing_was_counted_there_is_no_history()
    {
        var store = await CreateAsync();
        var history = await store.ReadAsync(DateOnly.MinValue, Cancel);
        history.Instances.ShouldBeEmpty();
        history.Totals.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_instance_counted_last_replaces_what_it_counted_before()
    {
        var store = await CreateAsync();
        await store.PutAsync(new(Day, "a", new(1, 2)), Cancel);
        await store.PutAsync(new(Day, "a", new(4_000_000_000, 5)), Cancel);
        (await store.ReadAsync(Day, Cancel)).Instances.ShouldHaveSingleItem().ShouldBe(new(Day, "a", new(4_000_000_000, 5)));
    }

    [Fact]
    public async Task Instances_and_days_are_kept_apart_and_come_in_order()
    {
        var store = await CreateAsync();
        InstanceDay[] rows = [new(Day, "a", new(1, 0)), new(Day, "b", new(0, 1)), new(Day.AddDays(30), "a", new(2, 3)), new(Day.AddYears(1), "a", new(7, 7))];
        foreach (var row in rows.Reverse())
        {
            await store.PutAsync(row, Cancel);
        }

        var history = await store.ReadAsync(DateOnly.MinValue, Cancel);
        history.Instances.ShouldBe(rows);
        history.Days().ShouldBe([new(Day, new(1, 1)), new(Day.AddDays(30), new(2, 3)), new(Day.AddYears(1), new(7, 7))]);
    }

    [Fact]
    public async Task A_read_begins_at_the_day_asked_for()
    {
        var store = await CreateAsync();
        foreach (var n in Enumerable.Range(0, 3))
        {
            await store.PutAsync(new(Day.AddDays(n), "a", new(n, 0)), Cancel);
            await store.TryCloseAsync(new(Day.AddDays(n), new(n, 0), n, n), Cancel);
        }

        var history = await store.ReadAsync(Day.AddDays(1), Cancel);
        history.Instances.Select(r => r.Day).ShouldBe([Day.AddDays(1), Day.AddDays(2)]);
        history.Totals.Select(t => t.Day).ShouldBe([Day.AddDays(1), Day.AddDays(2)]);
    }

    [Fact]
    public async Task A_day_is_closed_once_however_many_try()
    {
        var store = await CreateAsync();
        var totals = Enumerable.Range(1, 8).Select(n => new DayTotal(Day, new(n, 5_000_000_000), 3, 6_000_000_000)).ToList();
        var closed = await Task.WhenAll(totals.Select(total => Task.Run(() => store.TryCloseAsync(total, Cancel), Cancel)));
        var winner = closed.Index().Where(c => c.Item).ShouldHaveSingleItem().Index;
        (await store.ReadAsync(Day, Cancel)).Totals.ShouldHaveSingleItem().ShouldBe(totals[winner]);
        (await store.TryCloseAsync(totals[0], Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_day_that_is_closed_still_takes_what_an_instance_tells_late()
    {
        var store = await CreateAsync();
        await store.TryCloseAsync(new(Day, new(0, 0), 0, 0), Cancel);
        await store.PutAsync(new(Day, "late", new(1, 1)), Cancel);
        var history = await store.ReadAsync(Day, Cancel);
        history.Instances.ShouldHaveSingleItem().Counts.ShouldBe(new(1, 1));
        history.Totals.ShouldHaveSingleItem().Counts.ShouldBe(new(0, 0));
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
