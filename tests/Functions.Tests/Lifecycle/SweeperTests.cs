using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Service.Lifecycle;
using HlsCache.Testing;

namespace HlsCache.Functions.Tests.Lifecycle;

public sealed class SweeperTests
{
    [Fact]
    public async Task An_empty_cache_and_one_within_its_budget_are_left_alone()
    {
        var shelf = new Shelf(budget: 20);
        (await shelf.Sweeper.RunAsync(Cancel)).ShouldStartWith("0 evicted");
        var (a, b) = (await shelf.SealAsync(), await shelf.SealAsync());
        (await shelf.Sweeper.RunAsync(Cancel)).ShouldStartWith("0 evicted");
        (shelf.Has(a), shelf.Has(b)).ShouldBe((true, true));
    }

    [Fact]
    public async Task The_least_recently_used_go_until_the_budget_is_met_and_each_is_told()
    {
        var shelf = new Shelf(budget: 25);
        var films = new List<Entry>();
        for (var n = 0; n < 5; n++)
        {
            films.Add(await shelf.SealAsync());
            shelf.Time.Advance(TimeSpan.FromMinutes(10));
        }

        // The oldest was played again.
        await shelf.ChangeAsync(films[0].Id, e => e with { LastAccess = shelf.Time.GetUtcNow() });
        (await shelf.Sweeper.RunAsync(Cancel)).ShouldBe("3 evicted, 30.0 MB freed; 20.0 MB of 25.0 MB in use.");
        films.Select(shelf.Has).ShouldBe([true, false, false, false, true]);
        shelf.Log.Lines.ShouldContain(l => l.Contains($"[hls_cache] evicted {films[1].Id.Key} (10.0 MB, age 00:40:00)", StringComparison.Ordinal));
        (await shelf.Entries.ReadAsync(films[1].Id.Key, Cancel)).Pointer.ShouldNotBeNull().Generation.ShouldBe(films[1].Id.Generation);
    }

    [Fact]
    public async Task What_is_watched_stays_and_the_next_one_goes()
    {
        var shelf = new Shelf(budget: 25);
        var watched = await shelf.SealAsync();
        shelf.Time.Advance(TimeSpan.FromMinutes(1));
        var other = await shelf.SealAsync();
        shelf.Time.Advance(TimeSpan.FromMinutes(1));
        var newest = await shelf.SealAsync();
        await shelf.WatchAsync(watched);
        await shelf.Sweeper.RunAsync(Cancel);
        (shelf.Has(watched), shelf.Has(other), shelf.Has(newest)).ShouldBe((true, false, true));
    }

    [Fact]
    public async Task What_the_operator_pinned_stays_whatever_the_budget_and_however_old()
    {
        var shelf = new Shelf(budget: 5);
        var film = await shelf.SealAsync();
        (await new OperatorPins(shelf.Entries, shelf.Sessions).PinAsync(film.Id.Key, Cancel)).ShouldBeTrue();
        shelf.Time.Advance(TimeSpan.FromDays(400));
        await shelf.Sweeper.RunAsync(Cancel);
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Has(film).ShouldBeTrue();
        shelf.Sessions.Rows.ShouldHaveSingleItem();

        await new OperatorPins(shelf.Entries, shelf.Sessions).UnpinAsync(film.Id.Key, Cancel);
        await shelf.Sweeper.RunAsync(Cancel);
        shelf.Has(film).ShouldBeFalse();
    }

    [Fact]
    public async Task A_session_that_ended_pins_nothing()
    {
        var shelf = new Shelf(budget: 5);
        var film = await shelf.SealAsync();
        await shelf.WatchAsync(film, TimeSpan.FromHours(1));
        await shelf.Sweeper.RunAsync(Cancel);
        shelf.Has(film).ShouldBeTrue();
        shelf.Time.Advance(TimeSpan.FromHours(1));
        await shelf.Sweeper.RunAsync(Cancel);
        shelf.Has(film).ShouldBeFalse();
    }

    [Fact]
    public async Task When_the_pinned_alone_exceed_the_budget_it_warns_and_still_evicts_the_others()
    {
        var shelf = new Shelf(budget: 5);
        var (watched, other) = (await shelf.SealAsync(), await shelf.SealAsync());
        await shelf.WatchAsync(watched);
        await shelf.Sweeper.RunAsync(Cancel);
        (shelf.Has(watched), shelf.Has(other)).ShouldBe((true, false));
        shelf.Log.Lines.ShouldContain(l => l.Contains("pinned bytes (10.0 MB) exceed the budget (5.0 MB)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Superseded_generations_count_and_go_first()
    {
        var shelf = new Shelf(budget: 25);
        var old = await shelf.SealAsync();
        shelf.Time.Advance(TimeSpan.FromMinutes(1));
        var oldest = await shelf.SealAsync();
        shelf.Time.Advance(TimeSpan.FromMinutes(1));
        var successor = await shelf.SealAsync(replaced: old);
        // The superseded one was watched last of all.
        await shelf.ChangeAsync(old.Id, e => e with { LastAccess = shelf.Time.GetUtcNow().AddMinutes(5) });
        await shelf.Sweeper.RunAsync(Cancel);
        (shelf.Has(old), shelf.Has(oldest), shelf.Has(successor)).ShouldBe((false, true, true));
    }

    [Fact]
    public async Task Bytes_being_written_count_but_are_not_evicted()
    {
        var shelf = new Shelf(budget: 10);
        var film = await shelf.SealAsync();
        (await shelf.Census.TakeAsync(Cancel)).Bytes.ShouldBe(10 * Shelf.Megabyte);
        await shelf.Sweeper.RunAsync(Cancel);
        shelf.Has(film).ShouldBeTrue();

        var running = await shelf.EncodeAsync();
        var census = await shelf.Census.TakeAsync(Cancel);
        census.Bytes.ShouldBeGreaterThan((10 * Shelf.Megabyte) + 1000);
        (census.Entries, census.EncodesInFlight, census.PinnedBytes).ShouldBe((1, 1, 0));
        await shelf.Sweeper.RunAsync(Cancel);
        (shelf.Has(film), shelf.Has(running)).ShouldBe((false, true));
    }

    [Fact]
    public async Task Bytes_to_come_are_foretold_from_those_that_came()
    {
        var shelf = new Shelf();
        await shelf.StartAsync();
        var film = await shelf.EncodeAsync();
        var census = await shelf.Census.TakeAsync(Cancel);
        var blobs = await shelf.Segments.ListAsync(film.Id, Cancel).ToListAsync(Cancel);
        var planned = film.VideoSegments + film.AudioSegments;
        planned.ShouldBeGreaterThan(blobs.Count);
        census.ReservedBytes.ShouldBe(blobs.Sum(b => b.Size) * (planned - blobs.Count) / blobs.Count);
        census.EncodesInFlight.ShouldBe(2);
        await shelf.WatchAsync(film);
        census = await shelf.Census.TakeAsync(Cancel);
        census.PinnedBytes.ShouldBe(blobs.Sum(b => b.Size));

        // Nobody will write the rest of what was superseded.
        await shelf.StartAsync(film);
        (await shelf.Census.TakeAsync(Cancel)).ReservedBytes.ShouldBe(0);
    }

    [Fact]
    public async Task A_film_takes_room_as_long_as_it_may_be_playing_and_not_as_long_as_its_session_lives()
    {
        var shelf = new Shelf();
        var film = await shelf.SealAsync();
        (await shelf.Census.TakeAsync(Cancel)).TakenBytes.ShouldBe(0);
        await shelf.WatchAsync(film, TimeSpan.FromHours(30));
        (await shelf.Census.TakeAsync(Cancel)).TakenBytes.ShouldBe(10 * Shelf.Megabyte);

        shelf.Time.Advance(TimeSpan.FromSeconds(1.5 * film.Seconds));
        var census = await shelf.Census.TakeAsync(Cancel);
        (census.TakenBytes, census.PinnedBytes).ShouldBe((0, 10 * Shelf.Megabyte));

        await shelf.Sessions.PutAsync(new(film.Request, OperatorPins.Id, null, own: false, DateTimeOffset.MaxValue), Cancel);
        (await shelf.Census.TakeAsync(Cancel)).TakenBytes.ShouldBe(10 * Shelf.Megabyte);
    }

    [Fact]
    public async Task Storage_that_refuses_to_delete_does_not_see_the_whole_cache_marked()
    {
        var shelf = new Shelf(budget: 1, segments => new StubbornSegments(segments, _ => true));
        for (var i = 0; i < 30; i++)
        {
            await shelf.SealAsync();
        }

        await shelf.Sweeper.RunAsync(Cancel);

        shelf.Entries.Rows.Count(r => r.State == EntryState.Evicting).ShouldBe(10);
        shelf.Log.Lines.ShouldContain(l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains("storage refused to delete 10 films"));
    }

    [Fact]
    public async Task What_a_failed_encode_left_counts_as_long_as_it_is_there()
    {
        var shelf = new Shelf();
        var film = await shelf.EncodeAsync();
        await shelf.ChangeAsync(film.Id, e => e with { State = EntryState.Failed, FailedAt = shelf.Time.GetUtcNow() });
        (await shelf.Census.TakeAsync(Cancel)).Bytes.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public async Task A_failed_delete_is_told_the_rest_goes_on_and_another_is_taken_in_its_place()
    {
        GenerationId? stubborn = null;
        var shelf = new Shelf(budget: 20, segments => new StubbornSegments(segments, id => id == stubborn));
        var films = new List<Entry>();
        for (var n = 0; n < 4; n++)
        {
            films.Add(await shelf.SealAsync());
            shelf.Time.Advance(TimeSpan.FromMinutes(1));
        }

        stubborn = films[0].Id;
        await shelf.Sweeper.RunAsync(Cancel);
        (await shelf.FindAsync(films[0])).State.ShouldBe(EntryState.Evicting);
        films.Skip(1).Select(shelf.Has).ShouldBe([false, false, true]);
        shelf.Log.Lines.ShouldContain(l => l.Contains($"evict {stubborn} failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_instance_sweeps_at_a_time()
    {
        var shelf = new Shelf(budget: 5);
        var film = await shelf.SealAsync();
        await using (await shelf.Maintenance.TryBeginAsync("sweep", TimeSpan.Zero, Cancel))
        {
            (await shelf.Sweeper.RunAsync(Cancel)).ShouldBe("Another instance is sweeping.");
            shelf.Has(film).ShouldBeTrue();
        }

        await shelf.Sweeper.RunAsync(Cancel);
        shelf.Has(film).ShouldBeFalse();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
