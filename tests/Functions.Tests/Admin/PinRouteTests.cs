using System.Net;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Functions.Tests.Stage;

namespace HlsCache.Functions.Tests.Admin;

/// <summary>The operator keeps a film.</summary>
public sealed class PinRouteTests : EntryTests
{
    [Fact]
    public async Task A_pinned_film_is_shown_as_such_and_stays_until_it_is_let_go()
    {
        var film = await cloud.SealedFilmAsync();
        var path = $"/api/entries/{film.Id.Key}";
        await DoAsync("PUT", $"{path}/pin");
        await DoAsync("PUT", $"{path}/pin");

        var detail = await AskAsync("GET", path);
        detail.GetProperty("entry").GetProperty("pinnedByOperator").GetBoolean().ShouldBeTrue();
        detail.GetProperty("entry").GetProperty("pinned").GetInt32().ShouldBe(0);
        var session = detail.GetProperty("sessions").EnumerateArray().ShouldHaveSingleItem();
        session.Text("id").ShouldBe("operator");
        session.GetProperty("expires").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        (await AskAsync("DELETE", path)).GetProperty("kept").GetInt32().ShouldBe(1);

        await DoAsync("DELETE", $"{path}/pin");
        await DoAsync("DELETE", $"{path}/pin");
        (await AskAsync("GET", path)).GetProperty("entry").GetProperty("pinnedByOperator").GetBoolean().ShouldBeFalse();
        (await AskAsync("DELETE", path)).GetProperty("evicted").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task No_viewer_can_end_the_pin()
    {
        var film = await cloud.SealedFilmAsync();
        await DoAsync("PUT", $"/api/entries/{film.Id.Key}/pin");
        var viewer = await app.PlayFilmAsync(own: true);
        foreach (var (method, path) in new[] { ("DELETE", ""), ("POST", "/end"), ("PUT", "") })
        {
            using var response = await SendAsync(method, $"/api/sessions/operator{path}?t={viewer.Token()}");
            response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        }

        await DoAsync("DELETE", $"/api/sessions/{viewer.Text("session")}?t={viewer.Token()}");
        cloud.Sessions.Rows.ShouldHaveSingleItem().Id.ShouldBe("operator");
    }

    [Fact]
    public async Task A_pin_of_an_alias_keeps_what_is_encoded_in_its_place()
    {
        var film = await cloud.SealedFilmAsync();
        var pointer = (await cloud.Entries.ReadAsync(film.Id.Key, Cancelled)).Pointer.ShouldNotBeNull();
        await cloud.Entries.TryPointAsync(pointer with { Alias = new EntryAlias(film.Request.Quality, AudioChoice.OfTrack(0), film.Stamp) }, Cancelled);

        // As an encoder leaves it: an alias has no row but the pointer, and is known by who plays it.
        cloud.Entries.Remove(film.Id);
        await cloud.Sessions.PutAsync(new(film.Request, "0123456789abcdef", null, own: true, cloud.Time.GetUtcNow().AddHours(6)), Cancelled);

        await DoAsync("PUT", $"/api/entries/{film.Id.Key}/pin");
        cloud.Sessions.Rows.Where(s => s.Id == "operator").ShouldHaveSingleItem().Request.ShouldNotBeNull().Audio.ShouldBe(AudioChoice.OfTrack(0));

        await DoAsync("DELETE", $"/api/entries/{film.Id.Key}/pin");
        cloud.Sessions.Rows.ShouldNotContain(s => s.Id == "operator");
    }

    [Fact]
    public async Task A_pin_whose_entry_is_gone_can_be_let_go()
    {
        var film = await cloud.SealedFilmAsync();
        await DoAsync("PUT", $"/api/entries/{film.Id.Key}/pin");
        await AskAsync("DELETE", $"/api/entries/{film.Id.Key}?now=true");
        await DoAsync("DELETE", $"/api/entries/{film.Id.Key}/pin");
        cloud.Sessions.Rows.ShouldBeEmpty();
    }
}
