using System.Net;
using System.Text;
using HlsCache.Functions.Tests.Stage;

namespace HlsCache.Functions.Tests;

/// <summary>Who may ask an app that has no key: programs on this machine, and its own page.</summary>
public sealed class KeylessTests : AppTests
{
    private const string ForeignHost = "Without a key, the app answers as localhost, 127.0.0.1 or [::1] only. Set HlsCache__ApiKey to reach it by another name.";
    private const string ForeignPage = "Without a key, pages of other origins may not ask. Set HlsCache__ApiKey and let their server ask.";

    private static readonly (string Method, string Path)[] Routes =
        [("POST", "/api/play"), ("GET", "/api/play.m3u8?source=/media/film.mkv&quality=720p"), ("HEAD", "/api/play.m3u8?source=/media/film.mkv&quality=720p"), ("GET", "/api/sources")];

    [Theory]
    [InlineData("Host: localhost")]
    [InlineData("Host: LOCALHOST:7071")]
    [InlineData("Host: 127.0.0.1:7071")]
    [InlineData("Host: 127.8.9.10")]
    [InlineData("Host: [::1]:7071")]
    [InlineData("Host: 127.0.0.1:7071", "X-Forwarded-Host: localhost:8080")]
    [InlineData("Host: localhost:7071", "Sec-Fetch-Site: same-origin")]
    [InlineData("Host: localhost:7071", "Sec-Fetch-Site: none")]
    [InlineData("Host: localhost:7071", "Origin: http://localhost:7071", "Sec-Fetch-Site: same-origin")]
    [InlineData("Host: 127.0.0.1:7071", "Origin: https://localhost", "X-Forwarded-Host: localhost", "X-Forwarded-Proto: https")]
    public async Task This_machine_may_ask(params string[] headers)
    {
        foreach (var (method, path) in Routes)
        {
            using var response = await AskAsync(method, path, headers);
            ((int)response.StatusCode).ShouldBeLessThan(400, path);
        }
    }

    [Theory]
    [InlineData("Host: evil.example")]
    [InlineData("Host: evil.example:7071")]
    [InlineData("Host: localhost.evil.example")]
    [InlineData("Host: 127.0.0.1.evil.example")]
    [InlineData("Host: 192.0.2.1")]
    [InlineData("Host: [2001:db8::1]")]
    [InlineData("Host: evil.example", "Origin: http://evil.example", "Sec-Fetch-Site: same-origin")]
    [InlineData("Host: evil.example", "X-Forwarded-Host: localhost")]
    [InlineData("Host: evil.example", "X-Forwarded-Host: localhost", "X-Original-Host: localhost")]
    [InlineData("Host: evil.example", "X-Original-Host: localhost")]
    [InlineData("Host: localhost", "X-Forwarded-Host: evil.example")]
    [InlineData("Host: localhost", "X-Forwarded-Host: localhost, evil.example")]
    public async Task Another_name_may_not(params string[] headers) => await ShouldRefuseAsync(headers, ForeignHost);

    [Theory]
    [InlineData("Origin: https://evil.example")]
    [InlineData("Origin: null")]
    [InlineData("Origin: http://localhost")]
    [InlineData("Origin: https://localhost:7071")]
    [InlineData("Origin: http://127.0.0.1:7071")]
    [InlineData("Origin: https://evil.example", "Sec-Fetch-Site: same-origin")]
    [InlineData("Origin: http://localhost:7071", "Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: cross-site")]
    [InlineData("Sec-Fetch-Site: same-site")]
    public async Task A_page_of_another_origin_may_not(params string[] headers) => await ShouldRefuseAsync(["Host: localhost:7071", .. headers], ForeignPage);

    [Fact]
    public async Task With_a_key_any_name_and_any_page_will_do()
    {
        var keyed = await cloud.StartAsync(settings: ("HlsCache:ApiKey", "open sesame"));
        foreach (var (method, path) in Routes)
        {
            using var request = Request(method, path, ["Host: app.example.net", "Origin: https://site.example", "Sec-Fetch-Site: cross-site", "x-functions-key: open sesame"]);
            using var response = await keyed.Client.SendAsync(request, Cancelled);
            ((int)response.StatusCode).ShouldBeLessThan(400, path);
        }
    }

    [Fact]
    public async Task Tokens_pages_and_health_answer_by_any_name()
    {
        await cloud.SealedFilmAsync();
        var film = await app.PlayFilmAsync();
        foreach (var path in new[] { film.Master(), "/player", "/", "/api/health" })
        {
            using var response = await AskAsync("GET", path, ["Host: app.example.net", "Origin: https://site.example"]);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        }
    }

    private async Task ShouldRefuseAsync(string[] headers, string sentence)
    {
        foreach (var (method, path) in Routes.Where(r => r.Method != "HEAD"))
        {
            using var response = await AskAsync(method, path, headers);
            await response.ShouldBeProblemAsync(HttpStatusCode.Forbidden, sentence);
        }

        cloud.Entries.Rows.ShouldBeEmpty();
        cloud.Sessions.Rows.ShouldBeEmpty();
    }

    private async Task<HttpResponseMessage> AskAsync(string method, string path, string[] headers)
    {
        using var request = Request(method, path, headers);
        return await app.Client.SendAsync(request, Cancelled);
    }

    private static HttpRequestMessage Request(string method, string path, string[] headers)
    {
        var request = new HttpRequestMessage(new(method), path)
        {
            Content = method == "POST" ? new StringContent("""{"source":"/media/film.mkv","quality":"720p"}""", Encoding.UTF8, "application/json") : null,
        };
        foreach (var (name, value) in headers.Select(h => h.Split(": ", 2)).Select(h => (h[0], h[1])))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }
}
