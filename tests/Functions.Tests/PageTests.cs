using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using HlsCache.Functions.Tests.Stage;

namespace HlsCache.Functions.Tests;

/// <summary>The page and its files, and nothing else of the disk.</summary>
public sealed partial class PageTests : AppTests
{
    [Fact]
    public async Task The_player_is_a_page_that_may_load_only_what_is_ours()
    {
        using var response = await app.GetAsync("/player");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/html; charset=utf-8");
        var policy = response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldStartWith("default-src 'self';");
        policy.ShouldNotContain("unsafe");
        (await response.Content.ReadAsStringAsync(Cancelled)).ShouldContain("<video");
    }

    [Theory]
    [InlineData("player.js", "text/javascript; charset=utf-8")]
    [InlineData("player.css", "text/css; charset=utf-8")]
    [InlineData("hls.min.js", "text/javascript; charset=utf-8")]
    public async Task The_page_finds_its_files(string file, string contentType)
    {
        using var response = await app.GetAsync("/player/" + file);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe(contentType);
        (await app.ReadAsync("/player")).ShouldContain(file);
    }

    [Theory]
    [InlineData("/player")]
    [InlineData("/player/player.js")]
    public async Task A_browser_asks_each_time_and_is_told_when_nothing_changed(string path)
    {
        using var first = await app.GetAsync(path);
        first.Headers.CacheControl!.NoCache.ShouldBeTrue();

        using var again = new HttpRequestMessage(HttpMethod.Get, path);
        again.Headers.IfModifiedSince = first.Content.Headers.LastModified;
        using var second = await app.Client.SendAsync(again, Cancelled);
        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Every_module_is_found_by_those_that_import_it()
    {
        HashSet<string> found = ["player.js"];
        Queue<string> unread = new(found);

        while (unread.TryDequeue(out var module))
        {
            using var response = await app.GetAsync("/player/" + module);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, module);
            response.Content.Headers.ContentType!.ToString().ShouldBe("text/javascript; charset=utf-8", module);
            foreach (var import in ImportsOf(await response.Content.ReadAsStringAsync(Cancelled)).Where(found.Add))
            {
                unread.Enqueue(import);
            }
        }

        found.Order(StringComparer.Ordinal).ShouldBe(
        [
            "api.js", "facts.js", "form.js", "hls-config.js", "page.js", "player.js", "session.js", "sources.js", "stream.js", "time.js", "words.js",
        ]);
    }

    [Fact]
    public async Task A_file_that_has_not_changed_is_not_sent_again()
    {
        using var first = await app.GetAsync("/player/hls.min.js");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/player/hls.min.js");
        request.Headers.IfModifiedSince = first.Content.Headers.LastModified;

        using var second = await app.Client.SendAsync(request, Cancelled);

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("/player/nothing.js")]
    [InlineData("/player/player.html")]
    [InlineData("/player/PLAYER.JS")]
    [InlineData("/player/../appsettings.json")]
    [InlineData("/player/../HlsCache.Functions.dll")]
    [InlineData("/player/..%2fHlsCache.Functions.dll")]
    [InlineData("/player/%2e%2e/HlsCache.Functions.dll")]
    [InlineData("/player/%2e%2e%2fHlsCache.Functions.dll")]
    [InlineData("/player/..%5cHlsCache.Functions.dll")]
    [InlineData("/player//etc/passwd")]
    [InlineData("/player/%2fetc%2fpasswd")]
    [InlineData("/player/a/b.js")]
    [InlineData("/wwwroot/player.js")]
    public async Task Nothing_else_is_found(string path) => (await RawStatusAsync(path)).ShouldBe(404);

    [Fact]
    public async Task The_root_is_alive() => (await app.ReadAsync("/")).ShouldBe("HlsCache\n");

    private static IEnumerable<string> ImportsOf(string script) =>
        Imports().Matches(script).Select(import => import.Groups["file"].Value);

    [GeneratedRegex("""^import .* from "\./(?<file>[^"]+)";$""", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Imports();

    /// <summary>A client that does not tidy the path before it asks.</summary>
    private async Task<int> RawStatusAsync(string path)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", app.Client.BaseAddress!.Port, Cancelled);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), Cancelled);
        using var reader = new StreamReader(stream);
        return int.Parse((await reader.ReadLineAsync(Cancelled))!.Split(' ')[1]);
    }
}
