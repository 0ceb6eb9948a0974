using System.Text.Json;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Segments;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing;

namespace HlsCache.Functions.Tests.Admin;

/// <summary>The operator has a film checked.</summary>
public sealed class VerifyTests : EntryTests
{
    public static TheoryData<string> Names => [.. SealedBlobs.Of(Samples.Plan())];

    [Fact]
    public async Task A_film_that_is_whole_is_left_alone()
    {
        var film = await cloud.SealedFilmAsync();
        var answer = await VerifyAsync(film);
        answer.GetProperty("checked").GetInt32().ShouldBe(1 + SealedBlobs.Of(Samples.Plan()).Count());
        Damaged(answer).ShouldBeEmpty();
        answer.GetProperty("repair").GetString().ShouldBeNull();
        cloud.Queue.Sent.ShouldBeEmpty();
        (await app.PlayFilmAsync()).Text("state").ShouldBe("hit");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whatever_is_missing_is_found_and_its_repair_begun(string name)
    {
        var film = await cloud.SealedFilmAsync();
        cloud.Segments.Damage(film.Id, name, null);
        await ShouldBeRepairedAsync(film, name);
    }

    [Fact]
    public async Task What_was_altered_or_cut_is_found()
    {
        var film = await cloud.SealedFilmAsync();
        var size = (int)(await cloud.Segments.SizeAsync(film.Id, "video/seg-2.m4s", Cancelled)).ShouldNotBeNull();
        cloud.Segments.Damage(film.Id, "video/seg-2.m4s", [.. Enumerable.Repeat((byte)1, size)]);
        cloud.Segments.Damage(film.Id, "audio/seg-0.m4s", [1]);
        await ShouldBeRepairedAsync(film, "video/seg-2.m4s", "audio/seg-0.m4s");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{\"version\":1}")]
    public async Task A_damaged_seal_is_found_though_it_is_remembered(string? seal)
    {
        var film = await cloud.SealedFilmAsync();
        await app.PlayFilmAsync();
        cloud.Segments.Damage(film.Id, BlobNames.Complete, seal is null ? null : System.Text.Encoding.UTF8.GetBytes(seal));
        await ShouldBeRepairedAsync(film, BlobNames.Complete);
    }

    [Fact]
    public async Task A_container_that_is_gone_is_found()
    {
        var film = await cloud.SealedFilmAsync();
        cloud.Segments.Remove(film.Id);
        await ShouldBeRepairedAsync(film, BlobNames.Complete);
    }

    [Fact]
    public async Task Several_who_find_the_damage_begin_one_repair()
    {
        var film = await cloud.SealedFilmAsync();
        cloud.Segments.Damage(film.Id, "video/seg-2.m4s", null);
        var started = new TaskCompletionSource();
        var both = 0;
        cloud.Probe.Before = call =>
        {
            if (call == "entries.start" && Interlocked.Increment(ref both) == 2)
            {
                started.SetResult();
            }

            return call == "entries.start" ? started.Task : Task.CompletedTask;
        };
        var answers = await Task.WhenAll(VerifyAsync(film), VerifyAsync(film));
        answers[0].Text("repair").ShouldBe(answers[1].Text("repair"));
        cloud.Queue.Sent.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_is_being_evicted_meanwhile_is_not_repaired()
    {
        var film = await cloud.SealedFilmAsync();
        cloud.Probe.Before = async call =>
        {
            if (call == "segments.read .complete")
            {
                await cloud.ChangeAsync(film.Id, e => e with { State = EntryState.Evicting });
                cloud.Segments.Remove(film.Id);
            }
        };
        var answer = await VerifyAsync(film);
        answer.GetProperty("repair").GetString().ShouldBeNull();
        cloud.Queue.Sent.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_sealed_cannot_be_checked()
    {
        var play = await app.PlayFilmAsync();
        var answer = await AskAsync("POST", $"/api/entries/{play.Key()}/verify");
        answer.GetProperty("checked").GetInt32().ShouldBe(0);
        answer.GetProperty("repair").GetString().ShouldBeNull();
    }

    private async Task ShouldBeRepairedAsync(Entry film, params string[] names)
    {
        var answer = await VerifyAsync(film);

        Damaged(answer).ShouldBe(names);
        var repair = Generation.Parse(answer.Text("repair")).ShouldNotBeNull();
        var entry = await cloud.CurrentAsync(film.Id.Key);
        entry.Id.Generation.ShouldBe(repair);
        (entry.RepairOf, entry.Reason, entry.State).ShouldBe((film.Id.Generation, MissReason.FailedIntegrity, EntryState.Queued));
        cloud.Queue.Sent.ShouldHaveSingleItem().Id().ShouldBe(entry.Id);
        var play = await app.PlayFilmAsync();
        (play.Text("state"), play.Text("reason"), play.Id()).ShouldBe(("queued", "failed-integrity", entry.Id));
    }

    private Task<JsonElement> VerifyAsync(Entry film) => AskAsync("POST", $"/api/entries/{film.Id.Key}/verify");

    private static IEnumerable<string?> Damaged(JsonElement answer) => answer.GetProperty("damaged").EnumerateArray().Select(d => d.GetString());
}
