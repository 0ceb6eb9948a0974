using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using HlsCache.EndToEnd.Tests.Processes;
using HlsCache.EndToEnd.Tests.Soak;
using HlsCache.EndToEnd.Tests.Sources;
using HlsCache.Testing.Azurite;

namespace HlsCache.EndToEnd.Tests.Traces;

/// <summary>What both real processes tell a collector.</summary>
public sealed class TraceTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";

    private readonly SoakDeployment deployment = new(azurite.Server.NewAccount(), "ultrafast");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await Tool.FfmpegAsync(
        "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=4", "-f", "lavfi", "-i", "sine=440:r=48000:d=4", "-c:v", "libx264", "-c:a", "aac", Path.Join(deployment.Folder, "film.mkv"));

    public ValueTask DisposeAsync() => deployment.DisposeAsync();

    [Fact]
    public async Task A_play_is_one_trace_from_the_request_to_the_seal_and_no_secret_is_told()
    {
        await using var collector = await Collector.StartAsync(Token);
        var settings = deployment.Settings.Concat(collector.Settings).ToList();
        await using var app = await FunctionsProcess.StartAsync(settings);
        await using var encoder = EncoderProcess.Start(settings);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/play?code=the-function-key")
        {
            Content = JsonContent.Create(new { source = "/media/film.mkv", quality = "360p", audio = 0, ownSession = true }),
            Headers = { { "traceparent", $"00-{Trace}-00f067aa0ba902b7-01" } },
        };
        using var answer = await app.Client.SendAsync(request, Token);
        var play = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);

        var trace = Convert.FromHexString(Trace);
        foreach (var span in new[] { "POST /api/play", "send job", "look at source", "ffprobe", "encode range", "ffmpeg", "seal", "encode" })
        {
            await collector.SeesAsync("traces", trace, Text(span));
        }

        var master = play.GetProperty("master").GetString()!;
        (await app.Client.GetAsync(master, Token)).EnsureSuccessStatusCode();
        (await app.Client.GetAsync(master.Replace("master.m3u8", "nothing.png", StringComparison.Ordinal), Token)).IsSuccessStatusCode.ShouldBeFalse();
        var token = master.Split('/')[^2];
        (await app.Client.PutAsync($"/api/sessions/{play.GetProperty("session").GetString()}?t={token}", null, Token)).EnsureSuccessStatusCode();
        await collector.SeesAsync("traces", Text("/api/hls/{token}/master.m3u8"));
        await collector.SeesAsync("traces", Text("/api/sessions/{id}"));
        await collector.SeesAsync("metrics", Text("hls_cache.plays"));
        await collector.SeesAsync("metrics", Text("hls_cache.encode.duration"));
        await collector.SeesAsync("logs", Text("hlscache-encoder"), Text("sealed"));
        foreach (var secret in new[] { token, "the-function-key", "sig=" })
        {
            collector.Holds(secret).ShouldBeFalse(secret);
        }
    }

    [Fact]
    public async Task Application_Insights_is_told_the_same()
    {
        await using var azure = await Collector.StartAsync(Token);
        await using var app = await FunctionsProcess.StartAsync(deployment.Settings.Concat(azure.AzureSettings));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/sources?code=the-function-key") { Headers = { { "traceparent", $"00-{Trace}-00f067aa0ba902b7-01" } } };
        (await app.Client.SendAsync(request, Token)).EnsureSuccessStatusCode();

        await azure.SeesAsync("track", Text(Trace), Text("GET /api/sources"));
        azure.Holds("the-function-key").ShouldBeFalse();
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
