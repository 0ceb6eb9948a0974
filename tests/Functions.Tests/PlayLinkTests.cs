using System.Net;
using System.Text;
using HlsCache.Core.Tokens;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Functions.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Functions.Tests;

/// <summary>GET /api/play.m3u8, and how absolute links are built.</summary>
public sealed class PlayLinkTests : AppTests
{
    private const string Link = "/api/play.m3u8?source=/media/film.mkv&quality=720p";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_native_player_is_sent_to_a_master_that_holds_long(bool isSealed)
    {
        var play = await app.PlayFilmAsync();
        await (isSealed ? cloud.SealAsync(play.Id()) : cloud.PlanAsync(play.Id()) as Task);

        using var response = await app.GetAsync(Link);

        response.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        response.Headers.CacheControl!.ToString().ShouldBe("no-store");
        var master = response.Headers.Location!.AbsoluteUri;
        (await VerifyAsync(Answers.TokenOf(master))).Hold.ShouldBe(HoldClass.Native);
        (await VerifyAsync(play.Token())).Hold.ShouldBe(HoldClass.Page);
        (await app.ReadAsync(master)).ShouldContain($"{play.Text("generation")}/video.m3u8");
        cloud.Queue.Sent.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_audio_track_is_part_of_the_link()
    {
        using var response = await app.GetAsync(Link + "&audio=none");

        var token = await VerifyAsync(Answers.TokenOf(response.Headers.Location!.AbsoluteUri));
        token.Key.ShouldBe(cloud.Entries.Rows.ShouldHaveSingleItem().Id.Key);
        cloud.Entries.Rows[0].Request.Audio.IsNone.ShouldBeTrue();
    }

    [Theory]
    [InlineData("app.example.net", null, null, "http://app.example.net/")]
    [InlineData("app.example.net:8080", null, null, "http://app.example.net:8080/")]
    [InlineData("127.0.0.1:5000", "app.example.net", "https", "https://app.example.net/")]
    [InlineData("127.0.0.1:5000", "app.example.net:8443", "https", "https://app.example.net:8443/")]
    [InlineData("app.example.net", null, "https", "https://app.example.net/")]
    public async Task Links_name_the_host_that_the_viewer_reached(string host, string? forwardedHost, string? forwardedProto, string expected)
    {
        using var play = Forwarded(HttpMethod.Post, "/api/play", host, forwardedHost, forwardedProto);
        play.Content = new StringContent("""{"source":"/media/film.mkv","quality":"720p"}""", Encoding.UTF8, "application/json");
        using var answer = await app.Client.SendAsync(play, Cancelled);
        var json = System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancelled)).RootElement;
        json.Text("master").ShouldBe($"{expected}api/hls/{json.Token()}/master.m3u8");

        using var link = Forwarded(HttpMethod.Get, Link, host, forwardedHost, forwardedProto);
        using var redirect = await app.Client.SendAsync(link, Cancelled);
        redirect.Headers.Location!.OriginalString.ShouldStartWith(expected + "api/hls/");
    }

    private static HttpRequestMessage Forwarded(HttpMethod method, string path, string host, string? forwardedHost, string? forwardedProto)
    {
        var request = new HttpRequestMessage(method, path) { Headers = { Host = host } };
        if (forwardedHost is not null)
        {
            request.Headers.Add("X-Forwarded-Host", forwardedHost);
        }

        if (forwardedProto is not null)
        {
            request.Headers.Add("X-Forwarded-Proto", forwardedProto);
        }

        return request;
    }

    private async Task<PlayToken> VerifyAsync(string token) =>
        (await app.Services.GetRequiredService<TokenService>().VerifyAsync(token, Cancelled)).ShouldNotBeNull();
}
