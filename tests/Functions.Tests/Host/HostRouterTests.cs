using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Constraints;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Functions.Tests.Host;

/// <summary>Where the Functions host sends a request: routed as it does, by the framework's classic router and the <c>function.json</c> files.</summary>
public sealed class HostRouterTests
{
    private const string Generation = "api/hls/token/0abc";

    private static readonly ServiceProvider Services = new ServiceCollection().AddLogging().AddRouting().BuildServiceProvider();

    [Theory]
    [InlineData("POST", "/api/play", "play")]
    [InlineData("GET", "/api/play.m3u8", "play-link")]
    [InlineData("HEAD", "/api/play.m3u8", "play-link")]
    [InlineData("GET", "/api/sources", "sources")]
    [InlineData("GET", "/api/stats", "stats")]
    [InlineData("GET", "/api/health", "health")]
    [InlineData("GET", "/player", "player")]
    [InlineData("GET", "/player/player.js", "player-file")]
    [InlineData("GET", "/api/hls/token/master.m3u8", "hls-master")]
    [InlineData("OPTIONS", "/api/hls/token/master.m3u8", "hls-master")]
    [InlineData("GET", $"/{Generation}/video.m3u8", "hls-video")]
    [InlineData("GET", $"/{Generation}/audio.m3u8", "hls-audio")]
    [InlineData("GET", $"/{Generation}/subs/0.m3u8", "hls-subtitles")]
    [InlineData("HEAD", $"/{Generation}/video/init.mp4", "hls-video-init")]
    [InlineData("GET", $"/{Generation}/audio/init.mp4", "hls-audio-init")]
    [InlineData("GET", $"/{Generation}/video/seg-17.m4s", "hls-video-segment")]
    [InlineData("GET", $"/{Generation}/audio/seg-0.m4s", "hls-audio-segment")]
    [InlineData("GET", $"/{Generation}/subs/12/seg-0.vtt", "hls-subtitle")]
    [InlineData("PUT", "/api/sessions/1", "session")]
    [InlineData("DELETE", "/api/sessions/1", "session")]
    [InlineData("OPTIONS", "/api/sessions/1", "session")]
    [InlineData("POST", "/api/sessions/1/end", "session-end")]
    [InlineData("POST", "/api/admin/daily-stats", "admin-task")]
    [InlineData("GET", "/api/entries", "entries")]
    [InlineData("GET", "/api/entries/8a5da4814e1f6258", "entry")]
    [InlineData("DELETE", "/api/entries/8a5da4814e1f6258", "entry")]
    [InlineData("PUT", "/api/entries/8a5da4814e1f6258/pin", "entry-pin")]
    [InlineData("POST", "/api/entries/8a5da4814e1f6258/verify", "entry-verify")]
    [InlineData("GET", "/api/entries/8a5da4814e1f6258/events", "entry-events")]
    public async Task A_request_goes_to_its_function_and_to_no_other(string method, string path, string function) =>
        (await FunctionsAsync(method, path)).ShouldBe([function]);

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/api/play")]
    [InlineData("POST", "/api/play.m3u8")]
    [InlineData("GET", "/player/a/b.js")]
    [InlineData("GET", $"/{Generation}/video/seg-.m4s")]
    [InlineData("GET", $"/{Generation}/video/seg--1.m4s")]
    [InlineData("GET", $"/{Generation}/video/seg-99999999999.m4s")]
    [InlineData("GET", $"/{Generation}/subs/-1.m3u8")]
    [InlineData("GET", $"/{Generation}/subs/0/seg-x.vtt")]
    [InlineData("GET", "/api/admin/sweep")]
    [InlineData("OPTIONS", "/api/play")]
    [InlineData("OPTIONS", "/api/entries")]
    [InlineData("POST", "/sweep")]
    [InlineData("POST", "/reap")]
    [InlineData("POST", "/daily-stats")]
    [InlineData("POST", "/SWEEP/")]
    [InlineData("POST", "//sweep")]
    [InlineData("POST", "/player/sweep")]
    [InlineData("POST", "/api/admin/x/sweep")]
    public async Task What_the_app_does_not_offer_reaches_no_function(string method, string path) => (await FunctionsAsync(method, path)).ShouldBeEmpty();

    /// <summary>All functions that the request could go to: the order in which the host tries them is not ours.</summary>
    private static async Task<IReadOnlyList<string>> FunctionsAsync(string method, string path)
    {
        List<string> found = [];
        foreach (var function in HttpFunction.All)
        {
            var context = new RouteContext(new DefaultHttpContext { RequestServices = Services, Request = { Method = method, Path = path } });
            await RouteOf(function).RouteAsync(context);
            if (context.Handler is not null)
            {
                found.Add(function.Name);
            }
        }

        return found;
    }

    private static Route RouteOf(HttpFunction function) => new(
        new RouteHandler(_ => Task.CompletedTask),
        function.Name,
        function.Route,
        defaults: null,
        new Dictionary<string, object>(StringComparer.Ordinal) { ["httpMethod"] = new HttpMethodRouteConstraint([.. function.Methods]) },
        dataTokens: null,
        Services.GetRequiredService<IInlineConstraintResolver>());
}
