using HlsCache.Core.Entries;
using HlsCache.Core.Lifecycle;

namespace HlsCache.Functions.Tests.Lifecycle;

public sealed class EvictorTests
{
    private readonly Shelf shelf = new();

    [Fact]
    public async Task What_nobody_watches_goes_with_row_and_container()
    {
        var film = await shelf.SealAsync();
        (await shelf.Evictor.TryEvictAsync(film, evenPinned: false, Cancel)).ShouldBe(EvictionResult.Evicted);
        shelf.Has(film).ShouldBeFalse();
        (await shelf.Evictor.TryEvictAsync(film, evenPinned: false, Cancel)).ShouldBe(EvictionResult.Changed);
    }

    [Fact]
    public async Task What_somebody_watches_is_as_it_was()
    {
        var film = await shelf.SealAsync();
        await shelf.WatchAsync(film);
        (await shelf.Evictor.TryEvictAsync(film, evenPinned: false, Cancel)).ShouldBe(EvictionResult.Pinned);
        var row = await shelf.FindAsync(film);
        row.ShouldBe(film with { Version = row.Version });
        shelf.Has(film).ShouldBeTrue();
    }

    [Fact]
    public async Task An_operator_may_take_it_from_those_who_watch()
    {
        var film = await shelf.SealAsync();
        await shelf.WatchAsync(film);
        (await shelf.Evictor.TryEvictAsync(film, evenPinned: true, Cancel)).ShouldBe(EvictionResult.Evicted);
        shelf.Has(film).ShouldBeFalse();
    }

    [Fact]
    public async Task A_session_pins_the_generations_from_its_own_on()
    {
        var old = await shelf.SealAsync();
        var successor = await shelf.SealAsync(replaced: old);
        var session = await shelf.WatchAsync(successor);
        await shelf.Sessions.PutAsync(session with { From = successor.Id.Generation }, Cancel);
        (await shelf.Evictor.TryEvictAsync(old, evenPinned: false, Cancel)).ShouldBe(EvictionResult.Evicted);
        (await shelf.Evictor.TryEvictAsync(successor, evenPinned: false, Cancel)).ShouldBe(EvictionResult.Pinned);
    }

    [Fact]
    public async Task A_row_that_changed_since_it_was_read_is_left_alone()
    {
        var film = await shelf.SealAsync();
        await shelf.ChangeAsync(film.Id, e => e with { LastAccess = e.LastAccess.AddMinutes(5) });
        (await shelf.Evictor.TryEvictAsync(film, evenPinned: false, Cancel)).ShouldBe(EvictionResult.Changed);
        (await shelf.FindAsync(film)).State.ShouldBe(EntryState.Complete);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
