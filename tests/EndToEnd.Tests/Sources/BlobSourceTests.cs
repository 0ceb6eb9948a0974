using Azure.Storage.Blobs;
using HlsCache.EndToEnd.Tests.Processes;
using HlsCache.EndToEnd.Tests.Soak;
using HlsCache.Testing.Azurite;
using HlsCache.Testing.Hosts;

namespace HlsCache.EndToEnd.Tests.Sources;

/// <summary>A film in a container, with an encoder that is a process of its own as in a deployment.</summary>
public sealed class BlobSourceTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hlscache-blobs-");
    private readonly string account = azurite.Server.NewAccount();
    private readonly string library = azurite.Server.NewAccount();
    private TestFunctionApp app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Dictionary<string, string?> Settings => new(StringComparer.Ordinal)
    {
        ["Storage:ConnectionString"] = account,
        ["Sources:media:Container"] = "films",
        ["Sources:media:ConnectionString"] = library,
        ["Queue:PollMilliseconds"] = "50",
        ["Encode:Preset"] = "ultrafast",
    };

    public async ValueTask InitializeAsync()
    {
        var films = new BlobContainerClient(library, "films");
        await films.CreateAsync(cancellationToken: Token);
        var file = Path.Join(folder.FullName, "bunny.mp4");
        await Tool.FfmpegAsync(
            "-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=8", "-f", "lavfi", "-i", "sine=440:r=48000:d=8", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", file);
        await films.GetBlobClient("big/bunny.mp4").UploadAsync(file, Token);
        await films.UploadBlobAsync("readme.txt", BinaryData.FromString("No film."), Token);
        app = await TestFunctionApp.StartAsync(Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task It_is_listed_plays_while_it_is_encoded_and_plays_from_the_cache_and_nobody_sees_what_opens_the_container()
    {
        (await app.Client.GetStringAsync("/api/sources", Token)).ShouldContain("\"source\":\"/media/big/bunny.mp4\"");
        (await app.Client.GetStringAsync("/api/health", Token)).ShouldBe("""{"status":"ok","down":[]}""");
        (await app.PlayAsync("/media/missing.mp4", "360p", cancellationToken: Token)).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound);

        await using var encoder = EncoderProcess.Start(Settings);
        var seen = new List<string>();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var watch = WatchAsync(seen, done.Token);
        var miss = await app.PlayOkAsync("/media/big/bunny.mp4", "360p", audio: 0, cancellationToken: Token);
        miss.GetProperty("state").GetString().ShouldBeOneOf("queued", "encoding");
        (await SourcePlays.EndOfEncodeAsync(app, miss)).GetProperty("state").GetString().ShouldBe("hit", encoder.Output);
        await done.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(watch);

        var hit = await app.PlayOkAsync("/media/big/bunny.mp4", "360p", audio: 0, cancellationToken: Token);
        hit.GetProperty("state").GetString().ShouldBe("hit");
        var master = new Uri(hit.GetProperty("master").GetString()!);
        var text = await app.Client.GetStringAsync(master, Token);
        var video = await PlayedRendition.DownloadAsync(app.Client, new(master, text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]), Path.Join(folder.FullName, "video.mp4"));
        video.Seconds.ShouldBe(8, 0.1);
        (await Tool.FfmpegAsync("-i", video.File, "-f", "null", "-")).Errors.ShouldBeEmpty();

        seen.ShouldContain(line => line.Contains("-i http://127.0.0.1:", StringComparison.Ordinal));
        foreach (var secret in new[] { "sig=", "AccountKey", Key(account), Key(library), "bunny" })
        {
            seen.ShouldAllBe(line => !line.Contains(secret, StringComparison.Ordinal));
        }

        encoder.Output.ShouldNotContain("sig=");
        encoder.Output.ShouldNotContain(Key(library));
        encoder.Output.ShouldNotContain("http://127.0.0.1");
    }

    /// <summary>Collects the command lines of all ffmpeg and ffprobe that read from this machine, as everybody on it can.</summary>
    private static async Task WatchAsync(List<string> seen, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])))
            {
                try
                {
                    var line = (await File.ReadAllTextAsync(Path.Join(process, "cmdline"), cancellationToken)).Replace('\0', ' ');
                    if (line.StartsWith("ff", StringComparison.Ordinal) && line.Contains("127.0.0.1", StringComparison.Ordinal))
                    {
                        seen.Add(line);
                    }
                }
                catch (IOException)
                {
                    // It has ended.
                }
            }
        }
    }

    private static string Key(string connection) => connection.Split("AccountKey=")[1].Split(';')[0];
}
