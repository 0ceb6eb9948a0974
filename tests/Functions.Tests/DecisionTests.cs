using System.Net;
using System.Text;
using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Functions.Tests.Stage;

namespace HlsCache.Functions.Tests;

/// <summary>When a play is served what there is, and when a new generation begins.</summary>
public sealed class DecisionTests : AppTests
{
    [Fact]
    public async Task A_replaced_source_is_encoded_anew_while_the_viewers_of_the_old_one_keep_it()
    {
        var film = await cloud.SealedFilmAsync();
        var viewer = await app.PlayFilmAsync(own: true);
        cloud.Films.Replace();

        var fresh = await app.PlayFilmAsync(own: true);
        ShouldBeAnew(fresh, film, "source-changed");
        (await cloud.CurrentAsync(fresh)).RepairOf.ShouldBeNull();

        using var segment = await app.GetAsync(viewer.Media("video/seg-1.m4s"));
        segment.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        segment.Headers.Location!.OriginalString.ShouldStartWith($"https://blobs.test/hls-{film.Id}/video/seg-1.m4s?");
        (await app.ReadAsync(viewer.Media("video.m3u8"))).ShouldContain($"hls-{film.Id}/");
        await cloud.PlanAsync(fresh.Id());
        var master = await app.ReadAsync(viewer.Master());
        master.ShouldContain(fresh.Text("generation"));
        master.ShouldNotContain(film.Id.Generation.Value);
    }

    [Fact]
    public async Task A_film_that_a_newer_version_is_at_is_neither_begun_anew_nor_taken_for_gone()
    {
        var viewer = await app.PlayFilmAsync();
        cloud.Entries.Upgrade(viewer.Id());
        foreach (var refused in new[] { await app.TryPlayFilmAsync(own: true), await app.GetAsync(viewer.Master()) })
        {
            await refused.ShouldBeProblemAsync(
                HttpStatusCode.ServiceUnavailable,
                "A newer version of HlsCache is at work on this film, and this instance is older. Try again when the upgrade is through.");
            refused.ShouldSayRetry();
            refused.Dispose();
        }

        cloud.Entries.Rows.ShouldHaveSingleItem();
        cloud.Queue.Sent.ShouldHaveSingleItem();
        cloud.Sessions.Rows.ShouldAllBe(s => !s.Own);
    }

    [Theory]
    [InlineData("video/seg-4.m4s", false)]
    [InlineData("video/seg-4.m4s", true)]
    [InlineData("video/init.mp4", false)]
    [InlineData("video/init.mp4", true)]
    [InlineData(BlobNames.Complete, false)]
    public async Task A_generation_that_is_not_what_its_seal_promises_is_encoded_anew(string name, bool truncated)
    {
        var film = await cloud.SealedFilmAsync();
        cloud.Segments.Damage(film.Id, name, truncated ? new byte[7] : null);

        var answer = await app.PlayFilmAsync();

        ShouldBeAnew(answer, film, "failed-integrity");
        (await cloud.CurrentAsync(answer)).RepairOf.ShouldBe(film.Id.Generation);
        cloud.Queue.Sent.ShouldHaveSingleItem().Id().ShouldBe(answer.Id());
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0")]
    [InlineData("{}")]
    [InlineData("""{"version":2,"plan":{}}""")]
    public async Task A_seal_that_cannot_be_read_is_none(string content)
    {
        var film = await cloud.SealedFilmAsync();
        cloud.Segments.Damage(film.Id, BlobNames.Complete, Encoding.UTF8.GetBytes(content));

        ShouldBeAnew(await app.PlayFilmAsync(), film, "failed-integrity");
    }

    [Fact]
    public async Task A_plan_that_cannot_be_read_is_not_there_yet()
    {
        var miss = await app.PlayFilmAsync();
        await cloud.PlanAsync(miss.Id());
        cloud.Segments.Damage(miss.Id(), BlobNames.Plan, [.. "{\"version\":"u8]);
        var asked = app.GetAsync(miss.Media("video.m3u8"));
        await cloud.Time.WaitsAsync(1);

        cloud.Time.Advance(TimeSpan.FromSeconds(8));

        await (await asked).ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "The playlist is not there yet. Ask again.");
    }

    [Fact]
    public async Task Damage_is_found_when_what_was_verified_is_forgotten()
    {
        var film = await cloud.SealedFilmAsync();
        await app.PlayFilmAsync();
        cloud.Segments.Damage(film.Id, "video/seg-4.m4s", null);

        cloud.Time.Advance(TimeSpan.FromMinutes(1));

        ShouldBeAnew(await app.PlayFilmAsync(), film, "failed-integrity");
    }

    [Fact]
    public async Task A_container_that_is_gone_is_encoded_anew()
    {
        var film = await cloud.SealedFilmAsync();
        cloud.Segments.Remove(film.Id);

        ShouldBeAnew(await app.PlayFilmAsync(), film, "failed-integrity");
    }

    [Fact]
    public async Task A_failure_is_told_with_its_reason_for_ten_minutes_and_then_tried_again()
    {
        var miss = await app.PlayFilmAsync();
        await cloud.ChangeAsync(miss.Id(), e => e with { State = EntryState.Failed, Error = "moov atom not found", FailedAt = cloud.Time.GetUtcNow() });
        foreach (var seconds in new[] { 0, 300, 299 })
        {
            cloud.Time.Advance(TimeSpan.FromSeconds(seconds));
            using var refused = await app.TryPlayFilmAsync();
            await refused.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "moov atom not found");
        }

        cloud.Time.Advance(TimeSpan.FromSeconds(1));
        var again = await app.PlayFilmAsync();

        again.Text("reason").ShouldBe("expired-failure");
        (again.Id().Generation > miss.Id().Generation).ShouldBeTrue();
        cloud.Queue.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_play_that_is_told_of_a_failure_leaves_no_session_of_its_own()
    {
        var miss = await app.PlayFilmAsync();
        await cloud.ChangeAsync(miss.Id(), e => e with { State = EntryState.Failed, Error = "no", FailedAt = cloud.Time.GetUtcNow() });

        using var refused = await app.TryPlayFilmAsync(own: true);

        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        cloud.Sessions.Rows.ShouldAllBe(s => !s.Own);
    }

    [Fact]
    public async Task What_is_being_evicted_is_encoded_anew()
    {
        var film = await cloud.SealedFilmAsync();
        await cloud.ChangeAsync(film.Id, e => e with { State = EntryState.Evicting });

        ShouldBeAnew(await app.PlayFilmAsync(), film, "evicted");
    }

    [Fact]
    public async Task A_film_that_was_never_played_is_a_cold_miss()
    {
        var play = await app.PlayFilmAsync();
        (play.Text("state"), play.Text("reason")).ShouldBe(("queued", "cold"));
    }

    [Fact]
    public async Task A_pointer_whose_row_is_gone_is_a_miss_with_a_greater_generation()
    {
        var film = await cloud.SealedFilmAsync();
        cloud.Entries.Remove(film.Id);

        ShouldBeAnew(await app.PlayFilmAsync(), film, "evicted");
    }

    [Fact]
    public async Task Other_settings_replace_a_generation_of_a_quarter_of_an_hour_but_no_younger_one()
    {
        var film = await cloud.SealedFilmAsync();
        var changed = await cloud.StartAsync(settings: ("Encode:Crf", "30"));
        (await changed.PlayFilmAsync()).Id().ShouldBe(film.Id);

        cloud.Time.Advance(TimeSpan.FromMinutes(15));
        var fresh = await changed.PlayFilmAsync();

        ShouldBeAnew(fresh, film, "settings-changed");
        (await cloud.CurrentAsync(fresh)).Profile.Crf.ShouldBe(30);
    }

    [Fact]
    public async Task Playing_is_kept_as_the_last_access_once_a_minute()
    {
        var film = await cloud.SealedFilmAsync();
        var begun = cloud.Time.GetUtcNow();
        cloud.Time.Advance(TimeSpan.FromSeconds(59));
        await app.PlayFilmAsync();
        (await cloud.CurrentAsync(film.Id.Key)).LastAccess.ShouldBe(begun);

        var touched = new TaskCompletionSource();
        cloud.Probe.After = call =>
        {
            if (call == "entries.update")
            {
                touched.TrySetResult();
            }

            return Task.CompletedTask;
        };
        cloud.Time.Advance(TimeSpan.FromSeconds(11));
        await app.PlayFilmAsync();

        await touched.Task.WaitAsync(TestContext.Current.CancellationToken);
        (await cloud.CurrentAsync(film.Id.Key)).LastAccess.ShouldBe(cloud.Time.GetUtcNow());
    }

    private void ShouldBeAnew(JsonElement answer, Entry old, string reason)
    {
        answer.Text("state").ShouldBe("queued");
        answer.Text("reason").ShouldBe(reason);
        answer.Key().ShouldBe(old.Id.Key);
        (answer.Id().Generation > old.Id.Generation).ShouldBeTrue();
        cloud.Segments.Containers.ShouldNotContain(answer.Id());
    }
}
