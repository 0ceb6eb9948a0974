using System.Net;

namespace HlsCache.Functions.Tests.Admin;

/// <summary>Who may see and do it.</summary>
public sealed class EntryKeyTests() : EntryTests(("HlsCache:ApiKey", "open sesame"), ("HlsCache:AdminKey", "the keeper's"))
{
    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Only_the_admin_key_opens(string method, string route)
    {
        var film = await cloud.SealedFilmAsync();
        foreach (var (header, key) in new[] { ("x-admin-key", "wrong"), ("x-functions-key", "open sesame"), ("x-admin-key", "open sesame") })
        {
            (await AskAsync(header, key, method, $"/api/entries/{film.Id.Key}{route}")).ShouldBe(HttpStatusCode.Unauthorized);
            (await AskAsync(header, key, "GET", "/api/entries")).ShouldBe(HttpStatusCode.Unauthorized);
        }

        (cloud.Entries.Rows.Count, cloud.Sessions.Rows.Count).ShouldBe((1, 0));
        ((int)await AskAsync("x-admin-key", "the keeper's", method, $"/api/entries/{film.Id.Key}{route}")).ShouldBeInRange(200, 204);
        (await AskAsync("x-admin-key", "the keeper's", "GET", "/api/entries")).ShouldBe(HttpStatusCode.OK);
    }

    private async Task<HttpStatusCode> AskAsync(string header, string key, string method, string path)
    {
        using var request = new HttpRequestMessage(new(method), path) { Headers = { { header, key } } };
        using var response = await app.Client.SendAsync(request, Cancelled);
        return response.StatusCode;
    }
}
