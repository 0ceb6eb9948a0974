using System.Net;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Work;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing;

namespace HlsCache.Functions.Tests.Admin;

/// <summary>What the operator sees.</summary>
public sealed class EntryListTests : EntryTests
{
    [Theory]
    [MemberData(nameof(Routes))]
    public async Task What_is_no_key_and_what_was_never_played_look_alike(string method, string route)
    {
        await cloud.SealedFilmAsync();
        foreach (var key in new[] { "0123456789abcdef", "0123456789ABCDEF", "nonsense", "current", "..%2f", "0123456789abcde'" })
        {
            using var response = await SendAsync(method, $"/api/entries/{key}{route}");
            await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "There is no such entry.");
        }

        cloud.Sessions.Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_film_is_listed_with_its_facts()
    {
        var film = await cloud.SealedFilmAsync();
        await app.PlayFilmAsync(own: true);
        await app.PlayFilmAsync(own: true);
        await cloud.Sessions.PutAsync(new(film.Request, "0123456789abcdef", null, own: true, cloud.Time.GetUtcNow()), Cancelled);

        var page = await AskAsync("GET", "/api/entries");

        page.GetProperty("next").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        var item = page.GetProperty("entries").EnumerateArray().ShouldHaveSingleItem();
        item.Text("key").ShouldBe(film.Id.Key.Value);
        item.Text("source").ShouldBe("/media/film.mkv");
        item.Text("quality").ShouldBe("720p");
        item.Text("audio").ShouldBe("-1");
        item.Text("state").ShouldBe("complete");
        item.Text("generation").ShouldBe(film.Id.Generation.Value);
        item.Text("reason").ShouldBe("cold");
        item.GetProperty("bytes").GetInt64().ShouldBe(film.Bytes);
        item.GetProperty("segments").GetInt32().ShouldBe(5);
        item.GetProperty("seconds").GetDouble().ShouldBe(film.Seconds);
        item.GetProperty("created").GetDateTimeOffset().ShouldBe(film.Created);
        item.GetProperty("lastAccess").GetDateTimeOffset().ShouldBe(film.LastAccess);
        item.GetProperty("encodeSeconds").GetDouble().ShouldBe(1);
        item.GetProperty("error").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        item.GetProperty("pinned").GetInt32().ShouldBe(2);
        item.GetProperty("pinnedByOperator").GetBoolean().ShouldBeFalse();
        item.GetProperty("generations").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Pages_follow_one_another_in_the_order_of_keys_and_leave_none_out()
    {
        var keys = new List<string>();
        foreach (var n in Enumerable.Range(0, 7))
        {
            keys.Add((await cloud.SealedFilmAsync(cloud.Films.Write($"film-{n}.mkv", "a film"))).Id.Key.Value);
        }

        keys.Sort(StringComparer.Ordinal);
        var listed = new List<string>();
        var next = "";
        for (var pages = 1; ; pages++)
        {
            var page = await AskAsync("GET", $"/api/entries?limit=3{next}");
            listed.AddRange(page.GetProperty("entries").EnumerateArray().Select(e => e.Text("key")));
            if (page.GetProperty("next").GetString() is not { } bookmark)
            {
                pages.ShouldBe(3);
                break;
            }

            bookmark.ShouldBe(listed[^1]);
            next = $"&after={bookmark}";
        }

        listed.ShouldBe(keys);
        (await AskAsync("GET", "/api/entries?limit=7")).GetProperty("next").GetString().ShouldBeNull();
        (await AskAsync("GET", "/api/entries?limit=0")).GetProperty("entries").GetArrayLength().ShouldBe(1);
        (await AskAsync("GET", $"/api/entries?after={keys[^1]}")).GetProperty("entries").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("after=nonsense")]
    [InlineData("after=")]
    [InlineData("limit=many")]
    public async Task A_bookmark_or_a_limit_that_is_none_is_refused(string query) =>
        (await SendAsync("GET", $"/api/entries?{query}")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task What_was_invalidated_is_listed_while_it_is_kept_and_not_when_it_is_gone()
    {
        var film = await cloud.SealedFilmAsync();
        await app.PlayFilmAsync(own: true);
        await AskAsync("DELETE", $"/api/entries/{film.Id.Key}");
        (await AskAsync("GET", "/api/entries")).GetProperty("entries")[0].Text("state").ShouldBe("invalidated");

        await AskAsync("DELETE", $"/api/entries/{film.Id.Key}?now=true");
        (await AskAsync("GET", "/api/entries")).GetProperty("entries").GetArrayLength().ShouldBe(0);
        var detail = await AskAsync("GET", $"/api/entries/{film.Id.Key}");
        detail.GetProperty("entry").Text("state").ShouldBe("invalidated");
        detail.GetProperty("generations").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task An_entry_is_shown_with_all_its_generations_and_who_holds_and_makes_them()
    {
        var film = await cloud.SealedFilmAsync();
        cloud.Films.Replace();
        var play = await app.PlayFilmAsync(own: true);
        await cloud.PlanAsync(play.Id());
        await cloud.ReportAsync(play.Id(), ReadySet.Empty.WithSegment(Core.Plans.Rendition.Video, 0).WithSegment(Core.Plans.Rendition.Audio, 0), 2.345);
        using var beat = await app.Client.PutAsync($"/api/sessions/{play.Text("session")}?t={play.Token()}", new StringContent("{\"position\":42}"), Cancelled);

        var detail = await AskAsync("GET", $"/api/entries/{film.Id.Key}");

        detail.GetProperty("entry").Text("state").ShouldBe("encoding");
        detail.GetProperty("entry").Text("reason").ShouldBe("source-changed");
        detail.GetProperty("alias").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        var generations = detail.GetProperty("generations").EnumerateArray().ToList();
        generations.ConvertAll(g => (g.Text("generation"), g.Text("state"), g.GetProperty("inForce").GetBoolean(), g.Text("reason"))).ShouldBe(
            [(film.Id.Generation.Value, "complete", false, "cold"), (play.Text("generation"), "encoding", true, "source-changed")]);
        generations[0].GetProperty("workers").GetArrayLength().ShouldBe(0);
        var worker = generations[1].GetProperty("workers").EnumerateArray().ShouldHaveSingleItem();
        worker.Text("worker").ShouldBe("worker");
        worker.GetProperty("heartbeat").GetDateTimeOffset().ShouldBe(cloud.Time.GetUtcNow());
        worker.GetProperty("speed").GetDouble().ShouldBe(2.35, 0.011);
        worker.GetProperty("ready").GetInt32().ShouldBe(2);
        var session = detail.GetProperty("sessions").EnumerateArray().ShouldHaveSingleItem();
        session.Text("id").ShouldBe(play.Text("session"));
        session.GetProperty("own").GetBoolean().ShouldBeTrue();
        session.GetProperty("expires").GetDateTimeOffset().ShouldBeGreaterThan(cloud.Time.GetUtcNow());
        session.GetProperty("position").GetDouble().ShouldBe(42);
        detail.GetRawText().ShouldNotContain(play.Token());
    }

    [Fact]
    public async Task An_alias_is_shown_with_what_is_encoded_in_its_place()
    {
        var film = await cloud.SealedFilmAsync();
        var pointer = (await cloud.Entries.ReadAsync(film.Id.Key, Cancelled)).Pointer.ShouldNotBeNull();
        await cloud.Entries.TryPointAsync(pointer with { Alias = new EntryAlias(film.Request.Quality, AudioChoice.OfTrack(0), film.Stamp) }, Cancelled);

        var detail = await AskAsync("GET", $"/api/entries/{film.Id.Key}");

        detail.GetProperty("entry").Text("state").ShouldBe("alias");
        var alias = detail.GetProperty("alias");
        alias.Text("key").ShouldBe(Samples.Request("/media/film.mkv", audio: "0").Key.Value);
        (alias.Text("quality"), alias.Text("audio")).ShouldBe(("720p", "0"));

        // As an encoder leaves it, it has no row of its own; whoever plays it tells what it is.
        cloud.Entries.Remove(film.Id);
        await cloud.Sessions.PutAsync(new(film.Request, "0123456789abcdef", null, own: false, cloud.Time.GetUtcNow().AddHours(6)), Cancelled);
        var entry = (await AskAsync("GET", $"/api/entries/{film.Id.Key}")).GetProperty("entry");
        (entry.Text("source"), entry.Text("quality"), entry.Text("audio")).ShouldBe(("/media/film.mkv", "720p", "-1"));
    }
}
