using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Testing;
using HlsCache.Testing.InMemory;

namespace HlsCache.Functions.Tests.Lifecycle;

/// <summary>Rows that are gone or cannot be read: films are adopted, and nothing is deleted for want of rows.</summary>
public sealed class AdoptionTests
{
    private static readonly TimeSpan Old = TimeSpan.FromMinutes(11);

    private readonly Shelf shelf = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sealed_film_whose_row_was_lost_is_adopted_whole()
    {
        await shelf.SealAsync();
        var film = await shelf.SealAsync();
        shelf.Entries.Remove(film.Id);
        (await shelf.Reaper.RunAsync(Cancel)).ShouldBe("0 reaped, 1 adopted.");
        var adopted = (await shelf.Entries.ReadAsync(film.Id.Key, Cancel)).Current.ShouldNotBeNull();
        (adopted.Id, adopted.State, adopted.Request, adopted.Stamp).ShouldBe((film.Id, EntryState.Complete, film.Request, "stamp"));
        (adopted.VideoSegments, adopted.AudioSegments, adopted.Seconds).ShouldBe((film.VideoSegments, film.AudioSegments, film.Seconds));
        adopted.Bytes.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task An_emptied_table_leads_to_adoption_and_nothing_is_deleted_while_a_session_from_before_may_live()
    {
        var (old, unsealed) = (await shelf.SealAsync(), await shelf.EncodeAsync());
        shelf.Time.Advance(Old);
        var newest = await shelf.SealAsync(replaced: old);
        var reborn = new Shelf();
        foreach (var id in shelf.Segments.Containers)
        {
            await CopyAsync(shelf.Segments, reborn.Segments, id);
        }

        reborn.Time.Advance(TimeSpan.FromDays(1));
        (await reborn.Reaper.RunAsync(Cancel)).ShouldBe("0 reaped, 1 adopted.");
        (await reborn.Entries.ReadAsync(newest.Id.Key, Cancel)).Current.ShouldNotBeNull().Id.ShouldBe(newest.Id);
        reborn.Segments.Containers.Count.ShouldBe(3);

        // Another instance, later: the tables are no longer empty.
        reborn.Time.Advance(SessionLifetime.Longest - TimeSpan.FromMinutes(1));
        await reborn.Reaper.RunAsync(Cancel);
        await reborn.Sweeper.RunAsync(Cancel);
        reborn.Segments.Containers.Count.ShouldBe(3);

        reborn.Time.Advance(TimeSpan.FromMinutes(2));
        await reborn.Reaper.RunAsync(Cancel);
        reborn.Segments.Containers.ShouldHaveSingleItem().ShouldBe(newest.Id);
        reborn.Segments.Containers.ShouldNotContain(unsealed.Id);
    }

    [Fact]
    public async Task A_table_that_was_emptied_shows_even_when_films_were_played_since()
    {
        await shelf.Reaper.RunAsync(Cancel);
        var (watched, unsealed) = (await shelf.SealAsync(), await shelf.EncodeAsync());
        await shelf.ChangeAsync(watched.Id, e => e with { LastAccess = default });
        shelf.Entries.Remove(unsealed.Id);
        shelf.Time.Advance(TimeSpan.FromDays(1));

        // The sessions are gone; what was played since has rows and pins again.
        shelf.Marks.AreThere = false;
        await shelf.WatchAsync(await shelf.SealAsync());
        await shelf.Reaper.RunAsync(Cancel);
        (await shelf.Sweeper.RunAsync(Cancel)).ShouldBe("Nothing is deleted until every session from before the loss of the tables has ended.");
        shelf.Segments.Containers.Count.ShouldBe(3);
        shelf.Log.Lines.ShouldContain(l => l.StartsWith("Error", StringComparison.Ordinal) && l.Contains("A table was emptied"));

        shelf.Time.Advance(SessionLifetime.Longest + TimeSpan.FromMinutes(1));
        (await shelf.Reaper.RunAsync(Cancel)).ShouldBe("1 reaped, 0 adopted.");
        shelf.Segments.Containers.ShouldNotContain(unsealed.Id);
    }

    [Fact]
    public async Task A_first_start_is_no_loss()
    {
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Marks.AreThere.ShouldBeTrue();
        (await shelf.Sweeper.RunAsync(Cancel)).ShouldStartWith("0 evicted");
        shelf.Log.Lines.ShouldNotContain(l => l.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_row_that_no_version_can_read_goes_and_its_film_is_adopted()
    {
        var film = await shelf.SealAsync();
        shelf.Entries.Break(film.Id);
        shelf.Time.Advance(Old);
        (await shelf.Reaper.RunAsync(Cancel)).ShouldBe("0 reaped, 0 adopted.");
        shelf.Segments.Containers.ShouldHaveSingleItem();

        shelf.Time.Advance(Old);
        (await shelf.Reaper.RunAsync(Cancel)).ShouldBe("0 reaped, 1 adopted.");
        (await shelf.Entries.ReadAsync(film.Id.Key, Cancel)).Current.ShouldNotBeNull().Id.ShouldBe(film.Id);
    }

    [Fact]
    public async Task A_film_that_a_newer_version_is_at_is_left_to_it()
    {
        var film = await shelf.EncodeAsync();
        shelf.Entries.Upgrade(film.Id);
        shelf.Time.Advance(TimeSpan.FromDays(2));
        (await shelf.Reaper.RunAsync(Cancel)).ShouldBe("0 reaped, 0 adopted.");
        shelf.Segments.Containers.ShouldHaveSingleItem();
    }

    private static async Task CopyAsync(InMemorySegmentStore from, InMemorySegmentStore to, GenerationId id)
    {
        await to.CreateAsync(id, Cancel);
        await foreach (var blob in from.ListAsync(id, Cancel))
        {
            await to.PutAsync(id, blob.Name, await from.ReadAsync(id, blob.Name, Cancel), Cancel);
        }
    }
}
