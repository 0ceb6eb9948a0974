using System.Net;
using HlsCache.Functions.Tests.Stage;

namespace HlsCache.Functions.Tests;

/// <summary>What only tells is told to HEAD as to GET, without the body.</summary>
public sealed class HeadTests : AppTests
{
    [Theory]
    [InlineData("/", 200)]
    [InlineData("/api/health", 200)]
    [InlineData("/api/sources", 200)]
    [InlineData("/api/play.m3u8?source=/media/film.mkv&quality=720p", 302)]
    [InlineData("/api/play.m3u8?source=/media/no.mkv&quality=720p", 404)]
    [InlineData("/player", 200)]
    [InlineData("/player/player.js", 200)]
    [InlineData("/api/hls/{t}/master.m3u8", 200)]
    [InlineData("/api/hls/{t}/{g}/video.m3u8", 200)]
    [InlineData("/api/hls/{t}/{g}/audio.m3u8", 200)]
    [InlineData("/api/hls/{t}/{g}/subs/0.m3u8", 200)]
    [InlineData("/api/hls/{t}/{g}/video/init.mp4", 302)]
    [InlineData("/api/hls/{t}/{g}/audio/init.mp4", 302)]
    [InlineData("/api/hls/{t}/{g}/video/seg-0.m4s", 302)]
    [InlineData("/api/hls/{t}/{g}/audio/seg-0.m4s", 302)]
    [InlineData("/api/hls/{t}/{g}/subs/0/seg-0.vtt", 302)]
    [InlineData("/api/hls/{t}/{g}/video/seg-99.m4s", 404)]
    public async Task HEAD_answers_what_GET_answers(string path, int status)
    {
        await cloud.SealedFilmAsync();
        var film = await app.PlayFilmAsync();
        path = path.Replace("{t}", film.Token(), StringComparison.Ordinal).Replace("{g}", film.Text("generation"), StringComparison.Ordinal);

        using var head = await AskAsync(HttpMethod.Head, path);
        using var get = await AskAsync(HttpMethod.Get, path);

        head.StatusCode.ShouldBe((HttpStatusCode)status);
        get.StatusCode.ShouldBe(head.StatusCode);
        Headers(head).ShouldBe(Headers(get));
        (await head.Content.ReadAsByteArrayAsync(Cancelled)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/api/play")]
    [InlineData("/api/sessions/0123456789abcdef")]
    public async Task What_changes_something_takes_no_HEAD(string path)
    {
        using var response = await AskAsync(HttpMethod.Head, path);

        response.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        if (path.StartsWith("/api/hls", StringComparison.Ordinal))
        {
            request.Headers.Add("Origin", "https://site.example");
        }

        return await app.Client.SendAsync(request, Cancelled);
    }

    // How the body is framed may be left out where there is none.
    private static string[] Headers(HttpResponseMessage response) =>
    [
        .. response.Headers.Concat(response.Content.Headers).Select(h => $"{h.Key}: {string.Join(", ", h.Value)}")
            .Where(h => h != "Content-Length: 0" && !h.StartsWith("Date:", StringComparison.Ordinal) && !h.StartsWith("Transfer-Encoding:", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];
}
