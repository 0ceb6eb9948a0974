using System.Net;
using System.Text;
using HlsCache.Functions.Tests.Stage;

namespace HlsCache.Functions.Tests;

/// <summary>Which routes ask for the API key, and how it is given.</summary>
public sealed class ApiKeyTests() : AppTests(("HlsCache:ApiKey", Key))
{
    private const string Key = "open sesame";

    public static TheoryData<string, string> Keyed => new()
    {
        { "POST", "/api/play" },
        { "GET", "/api/play.m3u8?source=/media/film.mkv&quality=720p" },
        { "GET", "/api/sources" },
        { "GET", "/api/stats" },
    };

    [Theory]
    [MemberData(nameof(Keyed))]
    public async Task Without_the_key_or_with_a_wrong_one_there_is_no_entrance(string method, string path)
    {
        foreach (var (header, query) in new (string?, string?)[] { (null, null), ("wrong", null), (null, "wrong"), ("", null), (null, ""), ("open sesam", null), ("open sesame!", null), ("wrong", Key) })
        {
            using var response = await SendAsync(method, path, header, query);
            await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "A key is needed: send it as the header x-functions-key.");
        }

        cloud.Entries.Rows.ShouldBeEmpty();
        cloud.Sessions.Rows.ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Keyed))]
    public async Task The_key_opens_as_a_header_and_in_the_query(string method, string path)
    {
        ((int)(await SendAsync(method, path, Key, null)).StatusCode).ShouldBeLessThan(400);
        ((int)(await SendAsync(method, path, null, Key)).StatusCode).ShouldBeLessThan(400);
    }

    [Theory]
    [MemberData(nameof(Keyed))]
    public async Task Pages_of_other_origins_may_not_read_them(string method, string path)
    {
        using var request = new HttpRequestMessage(new(method), path) { Headers = { { "Origin", "https://evil.example" }, { "x-functions-key", Key } } };
        using var response = await app.Client.SendAsync(request, Cancelled);
        response.Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public async Task Tokens_and_pages_need_no_key()
    {
        await cloud.SealedFilmAsync();
        using var response = await SendAsync("GET", "/api/play.m3u8?source=/media/film.mkv&quality=720p", Key, null);
        var token = Answers.TokenOf(response.Headers.Location!.OriginalString);

        foreach (var path in new[] { $"/api/hls/{token}/master.m3u8", "/player", "/player/player.js", "/", "/api/health" })
        {
            (await app.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }

        // A wrong session, but asked without a key.
        using var end = await app.Client.DeleteAsync($"/api/sessions/0000000000000000?t={token}", Cancelled);
        end.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? header, string? query)
    {
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var request = new HttpRequestMessage(new(method), query is null ? path : $"{path}{separator}code={Uri.EscapeDataString(query)}");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("x-functions-key", header);
        }

        if (method == "POST")
        {
            request.Content = new StringContent("""{"source":"/media/film.mkv","quality":"720p","audio":-1}""", Encoding.UTF8, "application/json");
        }

        return await app.Client.SendAsync(request, Cancelled);
    }
}
