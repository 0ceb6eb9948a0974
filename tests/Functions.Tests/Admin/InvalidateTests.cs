using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.Core.Leases;
using HlsCache.Core.Segments;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing.InMemory;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Functions.Tests.Admin;

/// <summary>The operator takes a film out of service.</summary>
public sealed class InvalidateTests : EntryTests
{
    private InMemoryLeaseStore leases = null!;

    public override async ValueTask InitializeAsync()
    {
        leases = new(cloud.Segments, cloud.Time);
        app = await cloud.StartAsync(services => services.AddSingleton<ILeaseStore>(leases));
    }

    [Fact]
    public async Task A_film_that_nobody_watches_is_gone_at_once_and_encoded_anew()
    {
        var film = await cloud.SealedFilmAsync();

        Counts(await DeleteAsync(film)).ShouldBe((1, 0));

        cloud.Entries.Rows.ShouldBeEmpty();
        cloud.Segments.Containers.ShouldBeEmpty();
        var play = await app.PlayFilmAsync();
        play.Text("reason").ShouldBe("evicted");
        (play.Id().Generation > film.Id.Generation).ShouldBeTrue();
    }

    [Fact]
    public async Task After_the_loss_of_a_table_a_film_is_kept_for_viewers_whose_sessions_no_longer_show()
    {
        var film = await cloud.SealedFilmAsync();
        await app.PlayFilmAsync();
        cloud.Sessions.Clear();
        cloud.Marks.AreThere = false;

        Counts(await DeleteAsync(film)).ShouldBe((0, 1));

        cloud.Segments.Containers.ShouldHaveSingleItem();
        (await app.PlayFilmAsync()).Id().ShouldNotBe(film.Id);
    }

    [Fact]
    public async Task An_alias_that_is_taken_out_of_service_still_leads_an_encoder_to_what_its_message_stands_for()
    {
        var film = await cloud.SealedFilmAsync();
        var canonical = film.Request with { Audio = Core.Keys.AudioChoice.OfTrack(0) };
        await cloud.FlipAsync(film.Id, canonical);
        await DeleteAsync(film);
        var pointer = (await cloud.Entries.ReadAsync(film.Id.Key, Cancelled)).Pointer.ShouldNotBeNull();
        (pointer.IsVoid, pointer.Alias?.Audio).ShouldBe((true, canonical.Audio));
    }

    [Fact]
    public async Task To_invalidate_again_is_no_error()
    {
        var film = await cloud.SealedFilmAsync();
        await DeleteAsync(film);
        Counts(await DeleteAsync(film)).ShouldBe((0, 0));
        Counts(await DeleteAsync(film, now: true)).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_is_watching_keeps_it_while_the_next_play_begins_anew(bool own)
    {
        var film = await cloud.SealedFilmAsync();
        var viewer = await app.PlayFilmAsync(own);

        Counts(await DeleteAsync(film)).ShouldBe((0, 1));

        (await cloud.Entries.FindAsync(film.Id, Cancelled)).ShouldNotBeNull().State.ShouldBe(EntryState.Complete);
        (await app.ReadAsync(viewer.Media("video.m3u8"))).ShouldContain($"hls-{film.Id}/");
        // Not even from the memory of a moment ago.
        var next = await app.PlayFilmAsync(own);
        next.Text("state").ShouldBe("queued");
        next.Text("reason").ShouldBe("evicted");
    }

    [Fact]
    public async Task Now_takes_it_from_those_who_are_watching_too()
    {
        var film = await cloud.SealedFilmAsync();
        await app.PlayFilmAsync(own: true);

        Counts(await DeleteAsync(film, now: true)).ShouldBe((1, 0));

        cloud.Segments.Containers.ShouldBeEmpty();
        cloud.Entries.Rows.ShouldBeEmpty();
        (await app.PlayFilmAsync()).Text("reason").ShouldBe("evicted");
    }

    [Fact]
    public async Task What_an_encoder_is_at_is_left_to_it_unless_it_must_be_now()
    {
        var entry = await EncodingAsync();
        await using var writer = (await leases.TryAcquireAsync(entry.Id, BlobNames.Writer, Cancelled)).ShouldNotBeNull();

        Counts(await DeleteAsync(entry)).ShouldBe((0, 1));
        (await cloud.Entries.FindAsync(entry.Id, Cancelled)).ShouldNotBeNull().State.ShouldBe(EntryState.Encoding);
        cloud.Segments.Containers.ShouldContain(entry.Id);

        Counts(await DeleteAsync(entry, now: true)).ShouldBe((1, 0));
        cloud.Segments.Containers.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_no_encoder_is_at_goes()
    {
        var entry = await EncodingAsync();
        Counts(await DeleteAsync(entry)).ShouldBe((1, 0));
        cloud.Segments.Containers.ShouldBeEmpty();
        cloud.Entries.Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_proves_to_be_sealed_goes_as_well()
    {
        var entry = await EncodingAsync();
        await cloud.SealAsync(entry.Id);
        await cloud.ChangeAsync(entry.Id, e => e with { State = EntryState.Encoding });
        Counts(await DeleteAsync(entry)).ShouldBe((1, 0));
        cloud.Segments.Containers.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_eviction_that_nobody_ended_is_ended()
    {
        var film = await cloud.SealedFilmAsync();
        await cloud.ChangeAsync(film.Id, e => e with { State = EntryState.Evicting });
        Counts(await DeleteAsync(film)).ShouldBe((1, 0));
        cloud.Segments.Containers.ShouldBeEmpty();
    }

    [Fact]
    public async Task All_generations_go_but_not_one_that_began_since()
    {
        var film = await cloud.SealedFilmAsync();
        cloud.Films.Replace();
        await LeaveAsync(await app.PlayFilmAsync(own: true));
        JsonElement? since = null;
        cloud.Probe.After = async call =>
        {
            if (call == "entries.point" && since is null)
            {
                since = await app.PlayFilmAsync(own: true);
                await LeaveAsync(since.Value);
            }
        };

        Counts(await DeleteAsync(film, now: true)).ShouldBe((2, 0));

        cloud.Entries.Rows.ShouldHaveSingleItem().Id.ShouldBe(since.ShouldNotBeNull().Id());
    }

    [Fact]
    public async Task A_pointer_that_a_play_moves_meanwhile_is_made_void_all_the_same()
    {
        var film = await cloud.SealedFilmAsync();
        var moved = false;
        cloud.Probe.Before = async call =>
        {
            if (call == "entries.point" && !moved)
            {
                moved = true;
                cloud.Films.Replace();
                await app.PlayFilmAsync(own: true);
            }
        };

        Counts(await DeleteAsync(film)).ShouldBe((0, 2));

        (await cloud.Entries.ReadAsync(film.Id.Key, Cancelled)).Pointer.ShouldNotBeNull().IsVoid.ShouldBeTrue();
    }

    private async Task<Entry> EncodingAsync()
    {
        var play = await app.PlayFilmAsync(own: true);
        await cloud.PlanAsync(play.Id());
        await LeaveAsync(play);
        return await cloud.CurrentAsync(play);
    }

    private Task LeaveAsync(JsonElement play) => cloud.Sessions.DeleteAsync(play.Key(), play.Text("session"), Cancelled);

    private Task<JsonElement> DeleteAsync(Entry entry, bool now = false) => AskAsync("DELETE", $"/api/entries/{entry.Id.Key}{(now ? "?now=true" : "")}");

    private static (int Evicted, int Kept) Counts(JsonElement answer) => (answer.GetProperty("evicted").GetInt32(), answer.GetProperty("kept").GetInt32());
}
