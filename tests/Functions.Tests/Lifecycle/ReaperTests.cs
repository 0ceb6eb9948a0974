using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Core.Work;
using HlsCache.Service.Lifecycle;
using HlsCache.Testing;
using HlsCache.Testing.InMemory;

namespace HlsCache.Functions.Tests.Lifecycle;

/// <summary>Each kind of leftover, as a process leaves it that is killed at that point.</summary>
public sealed class ReaperTests
{
    private static readonly TimeSpan Old = TimeSpan.FromMinutes(11);

    private readonly Shelf shelf = new();

    [Fact]
    public async Task What_is_served_stays_however_old()
    {
        var film = await shelf.SealAsync();
        shelf.Time.Advance(TimeSpan.FromDays(400));
        (await shelf.Reaper.RunAsync(Cancel)).ShouldBe("0 reaped, 0 adopted.");
        shelf.Has(film).ShouldBeTrue();
    }

    [Fact]
    public async Task What_a_repair_still_takes_from_stays_until_the_repair_is_over()
    {
        var damaged = await shelf.SealAsync();
        shelf.Time.Advance(TimeSpan.FromDays(1));
        var repair = await shelf.EncodeAsync(damaged);
        await shelf.ChangeAsync(repair.Id, e => e with { RepairOf = damaged.Id.Generation });
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Has(damaged).ShouldBeTrue();

        await shelf.ChangeAsync(repair.Id, e => e with { State = EntryState.Complete });
        shelf.Time.Advance(Old);
        await shelf.Reaper.RunAsync(Cancel);
        (shelf.Has(damaged), shelf.Has(repair)).ShouldBe((false, true));
    }

    [Fact]
    public async Task A_seal_that_cannot_be_read_holds_up_nothing()
    {
        var (lost, abandoned, other) = (await shelf.SealAsync(), await shelf.SealAsync(), await shelf.EncodeAsync());
        shelf.Entries.Remove(lost.Id);
        await shelf.ChangeAsync(abandoned.Id, e => e with { State = EntryState.Encoding, SentAt = shelf.Time.GetUtcNow() });
        shelf.Segments.Damage(lost.Id, BlobNames.Complete, [1]);
        shelf.Segments.Damage(abandoned.Id, BlobNames.Complete, [1]);
        shelf.Time.Advance(TimeSpan.FromHours(25));
        await shelf.Reaper.RunAsync(Cancel);
        (shelf.Has(abandoned), shelf.Has(other)).ShouldBe((false, false));
        shelf.Log.Lines.ShouldNotContain(l => l.StartsWith("Warning", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_waits_behind_a_backlog_stays_until_its_message_must_be_gone()
    {
        var (queued, encoding) = (await shelf.StartAsync(), await shelf.EncodeAsync());
        shelf.Time.Advance(TimeSpan.FromHours(23));
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Entries.Rows.Count.ShouldBe(2);
        shelf.Time.Advance(TimeSpan.FromHours(2));
        await shelf.Reaper.RunAsync(Cancel);
        (shelf.Has(queued), shelf.Has(encoding)).ShouldBe((false, false));
    }

    [Fact]
    public async Task What_was_never_sent_goes_when_nobody_waits_for_it()
    {
        var unsent = await shelf.StartAsync();
        await shelf.ChangeAsync(unsent.Id, e => e with { SentAt = null });
        var awaited = await shelf.StartAsync();
        await shelf.ChangeAsync(awaited.Id, e => e with { SentAt = null });
        await shelf.WatchAsync(awaited);
        shelf.Time.Advance(TimeSpan.FromMinutes(9));
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Entries.Rows.Count.ShouldBe(2);
        shelf.Time.Advance(TimeSpan.FromMinutes(2));
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Has(unsent).ShouldBeFalse();
        (await shelf.FindAsync(awaited)).State.ShouldBe(EntryState.Queued);
    }

    [Fact]
    public async Task What_an_encoder_holds_stays()
    {
        var film = await shelf.EncodeAsync();
        shelf.Time.Advance(TimeSpan.FromDays(2));
        await using (await shelf.Leases.TryAcquireAsync(film.Id, BlobNames.Writer, Cancel))
        {
            await shelf.Reaper.RunAsync(Cancel);
            shelf.Has(film).ShouldBeTrue();
        }

        shelf.Time.Advance(TimeSpan.FromMinutes(2));
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Has(film).ShouldBeFalse();
    }

    [Fact]
    public async Task A_film_sealed_by_one_who_died_before_telling_gets_its_row_right()
    {
        var film = await shelf.SealAsync();
        await shelf.ChangeAsync(film.Id, e => e with { State = EntryState.Encoding, Bytes = 0 });
        shelf.Time.Advance(TimeSpan.FromDays(2));
        await shelf.Reaper.RunAsync(Cancel);
        var row = await shelf.FindAsync(film);
        row.State.ShouldBe(EntryState.Complete);
        row.Bytes.ShouldBeGreaterThan(0);
        shelf.Has(film).ShouldBeTrue();
    }

    [Fact]
    public async Task A_superseded_generation_goes_when_its_last_viewer_does()
    {
        var old = await shelf.SealAsync();
        var session = await shelf.WatchAsync(old);
        shelf.Time.Advance(Old);
        var successor = await shelf.SealAsync(replaced: old);
        shelf.Time.Advance(Old);
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Has(old).ShouldBeTrue();
        await shelf.Sessions.DeleteAsync(session.Key, session.Id, Cancel);
        shelf.Time.Advance(Old);
        await shelf.Reaper.RunAsync(Cancel);
        (shelf.Has(old), shelf.Has(successor)).ShouldBe((false, true));
    }

    [Fact]
    public async Task A_superseded_encode_goes_though_its_message_may_live()
    {
        var old = await shelf.EncodeAsync();
        var successor = await shelf.SealAsync(replaced: old);
        shelf.Time.Advance(Old);
        await shelf.Reaper.RunAsync(Cancel);
        (shelf.Has(old), shelf.Has(successor)).ShouldBe((false, true));
    }

    [Fact]
    public async Task An_eviction_that_was_not_ended_is_ended()
    {
        var film = await shelf.SealAsync();
        shelf.Time.Advance(TimeSpan.FromHours(1));
        await shelf.ChangeAsync(film.Id, e => e with { State = EntryState.Evicting, EvictingSince = shelf.Time.GetUtcNow() });
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Has(film).ShouldBeTrue();
        shelf.Time.Advance(Old);
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Has(film).ShouldBeFalse();
    }

    [Fact]
    public async Task An_eviction_that_was_not_ended_is_taken_back_when_somebody_watches()
    {
        var film = await shelf.SealAsync();
        await shelf.WatchAsync(film);
        await shelf.ChangeAsync(film.Id, e => e with { State = EntryState.Evicting, EvictingSince = shelf.Time.GetUtcNow() });
        shelf.Time.Advance(Old);
        await shelf.Reaper.RunAsync(Cancel);
        var row = await shelf.FindAsync(film);
        (row.State, row.EvictingSince).ShouldBe((EntryState.Complete, null));
    }

    [Fact]
    public async Task A_row_whose_container_went_first_goes_after_it()
    {
        var film = await shelf.SealAsync();
        await shelf.ChangeAsync(film.Id, e => e with { State = EntryState.Evicting, EvictingSince = shelf.Time.GetUtcNow() });
        shelf.Segments.Remove(film.Id);
        var lost = await shelf.SealAsync();
        shelf.Segments.Remove(lost.Id);
        shelf.Time.Advance(Old);
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Entries.Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reports_of_a_reaped_generation_go_with_it()
    {
        var film = await shelf.EncodeAsync();
        await shelf.Work.PutAsync(new(film.Id, "dead", shelf.Time.GetUtcNow(), 1, ReadySet.Empty.WithInit(Rendition.Video)), Cancel);
        shelf.Time.Advance(TimeSpan.FromDays(2));
        await shelf.Reaper.RunAsync(Cancel);
        (await shelf.Work.ReadAsync(film.Id, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Ended_sessions_go_and_living_ones_stay()
    {
        var film = await shelf.SealAsync();
        await shelf.WatchAsync(film, TimeSpan.FromHours(1));
        var living = await shelf.WatchAsync(film, TimeSpan.FromHours(6));
        shelf.Time.Advance(TimeSpan.FromHours(1) + SessionLifetime.ClockSkew);
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Sessions.Rows.ShouldHaveSingleItem().ShouldBe(living);
    }

    [Fact]
    public async Task The_blobs_of_a_failure_go_and_its_reason_stays_for_a_day()
    {
        var film = await shelf.EncodeAsync();
        await shelf.ChangeAsync(film.Id, e => e with { State = EntryState.Failed, Error = "why", FailedAt = shelf.Time.GetUtcNow() });
        shelf.Time.Advance(Old);
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Segments.Containers.ShouldBeEmpty();
        (await shelf.FindAsync(film)).Error.ShouldBe("why");
        shelf.Time.Advance(TimeSpan.FromHours(24));
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Entries.Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_container_without_a_row_goes_when_it_is_old_and_nobody_writes_to_it()
    {
        await shelf.SealAsync();
        var lost = await shelf.EncodeAsync();
        shelf.Entries.Remove(lost.Id);
        shelf.Time.Advance(TimeSpan.FromMinutes(9));
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Segments.Containers.ShouldContain(lost.Id);
        shelf.Time.Advance(TimeSpan.FromMinutes(2));
        await using (await shelf.Leases.TryAcquireAsync(lost.Id, BlobNames.Writer, Cancel))
        {
            await shelf.Reaper.RunAsync(Cancel);
            shelf.Segments.Containers.ShouldContain(lost.Id);
        }

        shelf.Time.Advance(TimeSpan.FromMinutes(2));
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Segments.Containers.ShouldNotContain(lost.Id);
    }

    [Fact]
    public async Task The_pin_of_the_operator_lets_go_of_a_film_when_its_successor_is_sealed()
    {
        var film = await shelf.SealAsync();
        await shelf.Sessions.PutAsync(new(film.Request, OperatorPins.Id, null, own: false, DateTimeOffset.MaxValue), Cancel);
        var successor = await shelf.EncodeAsync(film);
        shelf.Time.Advance(Old);
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Has(film).ShouldBeTrue();

        await shelf.ChangeAsync(successor.Id, e => e with { State = EntryState.Complete });
        shelf.Time.Advance(Old);
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Time.Advance(Old);
        await shelf.Reaper.RunAsync(Cancel);
        (shelf.Has(film), shelf.Has(successor)).ShouldBe((false, true));
        (await shelf.Evictor.TryEvictAsync(await shelf.FindAsync(successor), evenPinned: false, Cancel)).ShouldBe(EvictionResult.Pinned);
    }

    [Fact]
    public async Task A_pointer_to_nothing_is_forgotten_after_a_month()
    {
        var film = await shelf.SealAsync();
        await shelf.Evictor.TryEvictAsync(film, evenPinned: false, Cancel);
        shelf.Time.Advance(TimeSpan.FromDays(29));
        await shelf.Reaper.RunAsync(Cancel);
        (await shelf.Entries.ReadAsync(film.Id.Key, Cancel)).Pointer.ShouldNotBeNull();
        shelf.Time.Advance(TimeSpan.FromDays(2));
        await shelf.Reaper.RunAsync(Cancel);
        (await shelf.Entries.ReadAsync(film.Id.Key, Cancel)).Pointer.ShouldBeNull();
    }

    [Fact]
    public async Task An_alias_is_kept_for_a_year()
    {
        var film = await shelf.SealAsync();
        var pointer = (await shelf.Entries.ReadAsync(film.Id.Key, Cancel)).Pointer.ShouldNotBeNull();
        await shelf.Entries.TryPointAsync(pointer with { Alias = new(film.Request.Quality, AudioChoice.None, film.Stamp) }, Cancel);
        await shelf.Evictor.TryEvictAsync(film, evenPinned: false, Cancel);
        shelf.Time.Advance(TimeSpan.FromDays(364));
        await shelf.Reaper.RunAsync(Cancel);
        (await shelf.Entries.ReadAsync(film.Id.Key, Cancel)).Alias.ShouldNotBeNull();
        shelf.Time.Advance(TimeSpan.FromDays(2));
        await shelf.Reaper.RunAsync(Cancel);
        (await shelf.Entries.ReadAsync(film.Id.Key, Cancel)).Pointer.ShouldBeNull();
    }

    [Fact]
    public async Task It_runs_once_a_minute_over_all_instances_and_not_beside_itself()
    {
        await shelf.Reaper.RunAsync(Cancel);
        shelf.Time.Advance(TimeSpan.FromSeconds(59));
        (await shelf.Reaper.RunAsync(Cancel)).ShouldStartWith("Another instance");
        shelf.Time.Advance(TimeSpan.FromSeconds(1));
        (await shelf.Reaper.RunAsync(Cancel)).ShouldBe("0 reaped, 0 adopted.");
    }

    [Fact]
    public async Task One_key_in_trouble_does_not_hold_up_the_others()
    {
        GenerationId? stubborn = null;
        var troubled = new Shelf(replace: segments => new StubbornSegments(segments, id => id == stubborn));
        var films = new[] { await troubled.SealAsync(), await troubled.SealAsync(), await troubled.SealAsync() };
        foreach (var film in films)
        {
            await troubled.SealAsync(replaced: film);
        }

        stubborn = films[1].Id;
        troubled.Time.Advance(Old);
        (await troubled.Reaper.RunAsync(Cancel)).ShouldBe("2 reaped, 0 adopted.");
        (troubled.Has(films[0]), troubled.Has(films[2])).ShouldBe((false, false));
        troubled.Log.Lines.ShouldContain(l => l.Contains("could not be looked after", StringComparison.Ordinal));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
