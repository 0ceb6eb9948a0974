using System.Net;
using System.Net.Sockets;
using System.Text;
using HlsCache.Core.Tokens;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Service.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Functions.Tests;

/// <summary>GET /api/play.m3u8, and how absolute links are built.</summary>
public sealed class PlayLinkTests() : AppTests(("HlsCache:ApiKey", Key))
{
    private const string Key = "open sesame";
    private const string Link = "/api/play.m3u8?source=/media/film.mkv&quality=720p";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        app.Client.DefaultRequestHeaders.Add("x-functions-key", Key);
    }

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

    [Theory]
    [InlineData("javascript", "http")]
    [InlineData("data", "http")]
    [InlineData("file", "http")]
    [InlineData("ftp", "http")]
    [InlineData("https:", "http")]
    [InlineData("https, javascript", "http")]
    [InlineData("javascript, https", "https")]
    [InlineData("HTTPS", "https")]
    public async Task Only_a_scheme_of_the_web_is_believed(string forwarded, string scheme)
    {
        using var link = Forwarded(HttpMethod.Get, Link, "app.example.net", null, forwarded);
        using var redirect = await app.Client.SendAsync(link, Cancelled);

        redirect.Headers.Location!.OriginalString.ShouldStartWith($"{scheme}://app.example.net/api/hls/");
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "")]
    [InlineData("GET", "$&'()")]
    [InlineData("GET", "a..b")]
    [InlineData("GET", "app.example.net:99999")]
    [InlineData("POST", "-")]
    public async Task Without_a_host_that_is_one_there_is_no_link(string method, string host)
    {
        var answer = await RawAsync($"{method} {Link.Replace(".m3u8", method == "GET" ? ".m3u8" : "", StringComparison.Ordinal)} HTTP/1.1\r\nHost: {host}");

        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("The header Host names no host, so no link can be given.");
        cloud.Sessions.Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_client_that_names_no_host_gets_no_link() =>
        (await RawAsync($"GET {Link} HTTP/1.0")).ShouldContain("The header Host names no host, so no link can be given.");

    /// <summary>A client that writes what it likes.</summary>
    private async Task<string> RawAsync(string head)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", app.Client.BaseAddress!.Port, Cancelled);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{head}\r\nx-functions-key: {Key}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), Cancelled);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Cancelled);
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
