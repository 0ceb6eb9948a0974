using HlsCache.Core.Entries;
using HlsCache.Core.Plans;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing;

namespace HlsCache.Functions.Tests;

/// <summary>Sessions are pins: a play's row stands before it reads what it may be served from, and outlives all that it hands out.</summary>
public sealed class PinTests : AppTests
{
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task An_own_session_is_new_each_time_and_a_shared_one_is_one_an_instance()
    {
        var other = await cloud.StartAsync();

        var own = new[] { await app.PlayFilmAsync(own: true), await app.PlayFilmAsync(own: true) };
        var shared = new[] { await app.PlayFilmAsync(), await app.PlayFilmAsync() };
        var elsewhere = await other.PlayFilmAsync();

        own[0].Text("session").ShouldNotBe(own[1].Text("session"), StringComparer.Ordinal);
        shared[0].Text("session").ShouldBe(shared[1].Text("session"));
        elsewhere.Text("session").ShouldNotBe(shared[0].Text("session"), StringComparer.Ordinal);
        foreach (var answer in own.Concat(shared).Append(elsewhere))
        {
            Row(answer).Key.ShouldBe(answer.Key());
        }

        cloud.Sessions.Rows.Count(s => s.Own).ShouldBe(2);
        own.ShouldAllBe(answer => Row(answer).Own);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_eviction_that_misses_the_session_being_written_is_seen_by_the_play(bool own)
    {
        var film = await cloud.SealedFilmAsync();
        // While the play's row is on its way, it reads a sealed film; then the eviction marks the film and sees no session.
        var read = new TaskCompletionSource();
        cloud.Probe.After = call =>
        {
            if (call == "entries.read")
            {
                read.TrySetResult();
            }

            return Task.CompletedTask;
        };
        cloud.Probe.Before = async call =>
        {
            if (call == "sessions.put" && cloud.Sessions.Rows.Count == 0)
            {
                await read.Task;
                await EvictAsync(film);
            }
        };

        var answer = await app.PlayFilmAsync(own);

        answer.Text("state").ShouldBe("queued");
        answer.Text("reason").ShouldBe("evicted");
        (answer.Id().Generation > film.Id.Generation).ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_row_of_the_session_is_stored_before_the_read_that_counts(bool own)
    {
        await cloud.SealedFilmAsync();
        var stored = false;
        var readsAfter = 0;
        cloud.Probe.After = call =>
        {
            stored |= call == "sessions.put";
            return Task.CompletedTask;
        };
        cloud.Probe.Before = call =>
        {
            readsAfter += stored && call == "entries.read" ? 1 : 0;
            return Task.CompletedTask;
        };

        await app.PlayFilmAsync(own);
        readsAfter.ShouldBeGreaterThan(0);

        // The answer of a moment ago is forgotten, the shared session is not.
        cloud.Time.Advance(TimeSpan.FromSeconds(11));
        (readsAfter, stored) = (0, !own);
        await app.PlayFilmAsync(own);
        readsAfter.ShouldBeGreaterThan(0);
        cloud.Probe.Count("sessions.put").ShouldBe(own ? 2 : 1);
    }

    [Fact]
    public async Task A_read_that_began_before_another_play_wrote_the_shared_session_does_not_count()
    {
        var film = await cloud.SealedFilmAsync();
        var held = false;
        cloud.Probe.After = call =>
        {
            if (call == "entries.read" && !held)
            {
                held = true;
                // While this answer travels: an eviction marks the row and sees no session, and another play writes the shared one.
                EvictAsync(film).Wait();
                Task.Run(() => app.PlayFilmAsync()).Wait();
            }

            return Task.CompletedTask;
        };

        (await app.PlayFilmAsync()).Id().ShouldNotBe(film.Id);
    }

    [Theory]
    [InlineData(60, 6)]
    [InlineData(4 * 3600, 8)]
    [InlineData(20 * 3600, 40)]
    public async Task A_hit_may_be_watched_for_twice_its_length_and_six_hours_at_least(int seconds, int hours)
    {
        await cloud.SealedFilmAsync(plan: Lasting(seconds));

        foreach (var own in new[] { true, false })
        {
            var hit = await app.PlayFilmAsync(own);
            Life(hit).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(hours));
            ShouldEndBeforeItsSession(hit);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Before_the_length_is_known_a_session_lives_for_a_day(bool own)
    {
        for (var i = 0; i < 2; i++)
        {
            var miss = await app.PlayFilmAsync(own);
            Life(miss).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(24));
            ShouldEndBeforeItsSession(miss);
        }
    }

    [Fact]
    public async Task A_shared_session_is_renewed_when_it_runs_low_and_never_promises_too_little()
    {
        await cloud.SealedFilmAsync();
        var sessions = new HashSet<string>(StringComparer.Ordinal);

        // Steps that fall into the memory of warm hits as well as out of it.
        for (var i = 0; i < 4000; i++)
        {
            var hit = await app.PlayFilmAsync();
            sessions.Add(hit.Text("session"));
            Life(hit).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromHours(6), $"play {i}");
            cloud.Time.Advance(TimeSpan.FromSeconds(i % 10 == 0 ? 11 : 3));
        }

        // 4 hours and 13 minutes of plays on a row of 7.5 hours, of which 1.5 may pass before it is written anew.
        // The first was begun when this instance knew of no generation, and is not renewed: it would pin all for ever.
        sessions.Count.ShouldBe(2);
        cloud.Probe.Count("sessions.put").ShouldBeInRange(2, 4);
    }

    [Fact]
    public async Task Signatures_in_playlists_end_before_the_session_on_a_miss_as_on_a_hit()
    {
        var miss = await app.PlayFilmAsync();
        await cloud.SealAsync(miss.Id());
        var hit = await app.PlayFilmAsync();
        var own = await app.PlayFilmAsync(own: true);

        foreach (var answer in new[] { miss, hit, own })
        {
            foreach (var playlist in new[] { "video.m3u8", "audio.m3u8", "subs/0.m3u8" })
            {
                var lines = (await app.ReadAsync(answer.Media(playlist))).Split('\n').Where(l => l.Contains("se=", StringComparison.Ordinal)).ToList();
                lines.ShouldNotBeEmpty();
                lines.ShouldAllBe(line => Answers.SignedUntil(line) + ClockSkew <= Row(answer).Expires);
            }
        }
    }

    [Fact]
    public async Task A_redirect_ends_before_the_session()
    {
        var miss = await app.PlayFilmAsync();
        await cloud.SealAsync(miss.Id());

        using var response = await app.GetAsync(miss.Media("video/seg-0.m4s"));

        var until = Answers.SignedUntil(response.Headers.Location!.OriginalString);
        (until + ClockSkew).ShouldBeLessThanOrEqualTo(Row(miss).Expires);
        until.ShouldBeGreaterThan(cloud.Time.GetUtcNow() + TimeSpan.FromHours(24));
    }

    private Task<Entry> EvictAsync(Entry film) => cloud.ChangeAsync(film.Id, e => e with { State = EntryState.Evicting });

    private TimeSpan Life(System.Text.Json.JsonElement answer) => Row(answer).Expires - cloud.Time.GetUtcNow();

    private Core.Sessions.PlaySession Row(System.Text.Json.JsonElement answer) => cloud.Sessions.Rows.Single(s => s.Id == answer.Text("session"));

    private void ShouldEndBeforeItsSession(System.Text.Json.JsonElement answer)
    {
        var expires = Row(answer).Expires;
        (answer.Expires() + ClockSkew).ShouldBeLessThanOrEqualTo(expires);
        if (answer.Text("state") == "hit")
        {
            (Answers.SignedUntil(answer.GetProperty("blobs").Text("sas")) + ClockSkew).ShouldBeLessThanOrEqualTo(expires);
        }
    }

    private static EncodePlan Lasting(int seconds) => Samples.Plan() with { Video = Samples.Video(new(1, 1), seconds, 3600), Sound = null };
}
