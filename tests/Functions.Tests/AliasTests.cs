using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing;
using HlsCache.Testing.Hosts;

namespace HlsCache.Functions.Tests;

/// <summary>Plays of a request that makes the same bytes as another: of <c>-1</c>, which is track 0.</summary>
public sealed class AliasTests : AppTests
{
    private static readonly PlayRequest Asked = Samples.Request(audio: "-1");
    private static readonly PlayRequest Canonical = Samples.Request(audio: "0");

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        // The signing key is read once in an instance's life.
        await app.ReadAsync("/api/health");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_play_of_an_alias_is_served_from_what_is_encoded_in_its_place(bool own)
    {
        var film = await SealedAliasAsync();

        var play = await app.PlayFilmAsync(own);

        (play.Text("state"), play.Id()).ShouldBe(("hit", film));
        var session = cloud.Sessions.Rows.Single(s => s.Id == play.Text("session"));
        session.Request.ShouldBe(Canonical);
        session.Own.ShouldBe(own);
        // The token opens the film that it is served from.
        (await app.ReadAsync(play.Master())).ShouldContain($"\n{film.Generation}/video.m3u8\n");
        cloud.Entries.Rows.ShouldHaveSingleItem();
        cloud.Queue.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_play_of_an_alias_joins_the_encode_of_the_other()
    {
        var id = await cloud.FlipAsync((await app.PlayFilmAsync()).Id(), Canonical);

        var play = await app.PlayFilmAsync();

        (play.Text("state"), play.Id()).ShouldBe(("queued", id));
        cloud.Queue.Sent.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_own_session_under_the_alias_ends_when_another_takes_its_place()
    {
        await SealedAliasAsync();

        var play = await app.PlayFilmAsync(own: true);

        cloud.Sessions.Rows.ShouldHaveSingleItem().Id.ShouldBe(play.Text("session"));
    }

    [Fact]
    public async Task What_was_evicted_is_begun_again_under_its_own_key()
    {
        var film = await SealedAliasAsync();
        await cloud.ChangeAsync(film, e => e with { State = EntryState.Evicting });

        var play = await app.PlayFilmAsync();

        (play.Text("state"), play.Text("reason"), play.Key()).ShouldBe(("queued", "evicted", Canonical.Key));
        cloud.Queue.Sent.ShouldHaveSingleItem().Key.ShouldBe(Canonical.Key.Value);
    }

    [Fact]
    public async Task An_alias_of_other_bytes_is_void()
    {
        var film = await SealedAliasAsync();
        var alias = (await cloud.Entries.ReadAsync(Asked.Key, TestContext.Current.CancellationToken)).Pointer.ShouldNotBeNull();
        // It is remembered here, too.
        await app.PlayFilmAsync();
        cloud.Time.Advance(TimeSpan.FromSeconds(11));
        cloud.Films.Replace();

        var play = await app.PlayFilmAsync();

        (play.Text("state"), play.Text("reason"), play.Key()).ShouldBe(("queued", "source-changed", Asked.Key));
        (play.Id().Generation > alias.Generation).ShouldBeTrue();
        (await cloud.CurrentAsync(Asked.Key)).Id.ShouldBe(play.Id());
        (await cloud.CurrentAsync(Canonical.Key)).Id.ShouldBe(film);
    }

    [Fact]
    public async Task A_void_pointer_is_followed_nowhere()
    {
        await SealedAliasAsync();
        var pointer = (await cloud.Entries.ReadAsync(Asked.Key, TestContext.Current.CancellationToken)).Pointer.ShouldNotBeNull();
        await cloud.Entries.TryPointAsync(pointer with { IsVoid = true }, TestContext.Current.CancellationToken);

        (await app.PlayFilmAsync()).Key().ShouldBe(Asked.Key);
    }

    [Fact]
    public async Task Two_versions_that_take_each_for_an_alias_of_the_other_end_in_a_generation()
    {
        await SealedAliasAsync();
        var pointer = (await cloud.Entries.ReadAsync(Canonical.Key, TestContext.Current.CancellationToken)).Pointer.ShouldNotBeNull();
        var alias = new EntryAlias(Asked.Quality, Asked.Audio, cloud.Films.Stamp("/media/film.mkv"));
        await cloud.Entries.TryPointAsync(pointer with { Alias = alias }, TestContext.Current.CancellationToken);

        var play = await app.PlayFilmAsync();

        (play.Text("state"), play.Key()).ShouldBe(("queued", Canonical.Key));
    }

    [Fact]
    public async Task A_key_that_becomes_an_alias_while_a_play_begins_it_is_followed()
    {
        GenerationId? film = null;
        cloud.Probe.Before = async call =>
        {
            if (call == "entries.start" && film is null)
            {
                // Another instance was quicker, and so was its encoder.
                film = await SealedAliasAsync();
            }
        };

        (await app.PlayFilmAsync(own: true)).Id().ShouldBe(film!.Value);
        cloud.Sessions.Rows.ShouldHaveSingleItem().Key.ShouldBe(Canonical.Key);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cold_alias_takes_three_round_trips_and_a_known_one_two(bool own)
    {
        await SealedAliasAsync();
        var gate = new Gate(cloud.Probe);

        var play = app.PlayFilmAsync(own);
        await gate.HeldAsync("entries.read", "sessions.put");
        gate.Open();
        await gate.HeldAsync(own ? ["entries.read", "sessions.put", "sessions.delete"] : ["entries.read", "sessions.put"]);
        gate.Open();
        await gate.HeldAsync(
            "entries.read", "segments.read .complete",
            "segments.size audio/init.mp4", "segments.size audio/seg-*", "segments.size audio/seg-*",
            "segments.size video/init.mp4", "segments.size video/seg-*", "segments.size video/seg-*");
        gate.Open();
        (await play).Text("state").ShouldBe("hit");

        play = app.PlayFilmAsync(own: true);
        await gate.HeldAsync("entries.read", "sessions.put");
        gate.Open();
        await gate.HeldAsync("entries.read");
        gate.Open();
        (await play).Text("state").ShouldBe("hit");
    }

    [Fact]
    public async Task A_warm_alias_asks_nobody_and_neither_does_what_it_is_an_alias_of()
    {
        await SealedAliasAsync();
        var first = await app.PlayFilmAsync();
        cloud.Probe.Forget();
        // Not even the source is looked at.
        var stamp = cloud.Films.Stamp("/media/film.mkv");
        cloud.Films.Replace();

        (await app.PlayFilmAsync()).Id().ShouldBe(first.Id());
        (await PlayCanonicalAsync()).Id().ShouldBe(first.Id());

        cloud.Probe.Calls.ShouldBeEmpty();
        cloud.Films.Stamp("/media/film.mkv").ShouldNotBe(stamp, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_known_alias_that_is_no_longer_warm_asks_once()
    {
        await SealedAliasAsync();
        await app.PlayFilmAsync();
        cloud.Probe.Forget();
        cloud.Time.Advance(TimeSpan.FromSeconds(10));

        await app.PlayFilmAsync();

        // The session, the alias and what was verified are still known.
        cloud.Probe.Calls.ShouldBe(["entries.read"]);
    }

    [Fact]
    public async Task A_known_alias_of_a_warm_film_asks_nobody()
    {
        await SealedAliasAsync();
        var first = await app.PlayFilmAsync();
        cloud.Time.Advance(TimeSpan.FromSeconds(11));
        await PlayCanonicalAsync();
        cloud.Probe.Forget();

        (await app.PlayFilmAsync()).Id().ShouldBe(first.Id());

        cloud.Probe.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_eviction_that_misses_the_session_being_written_is_seen_by_the_play(bool own)
    {
        var film = await SealedAliasAsync();
        var reads = 0;
        var read = new TaskCompletionSource();
        cloud.Probe.After = call =>
        {
            // The second is the guess beside the pin's writing under the canonical key.
            if (call == "entries.read" && ++reads == 2)
            {
                read.SetResult();
            }

            return Task.CompletedTask;
        };
        var puts = 0;
        cloud.Probe.Before = async call =>
        {
            if (call == "sessions.put" && ++puts == 2)
            {
                await read.Task;
                await cloud.ChangeAsync(film, e => e with { State = EntryState.Evicting });
            }
        };

        var play = await app.PlayFilmAsync(own);

        (play.Text("state"), play.Text("reason")).ShouldBe(("queued", "evicted"));
        (play.Id().Generation > film.Generation).ShouldBeTrue();
    }

    private Task<System.Text.Json.JsonElement> PlayCanonicalAsync() =>
        app.PlayOkAsync("/media/film.mkv", "720p", 0, cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>A sealed film, and the key of the same film's default track as an alias of it.</summary>
    private async Task<GenerationId> SealedAliasAsync()
    {
        var film = await cloud.SealedFilmAsync(audio: "0");
        var asked = await cloud.Entries.TryStartAsync(Samples.Entry(Asked) with { Stamp = film.Stamp }, null, CancellationToken.None);
        return await cloud.FlipAsync(asked.ShouldNotBeNull().Id, Canonical);
    }
}
