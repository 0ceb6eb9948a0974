using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Core.Keys;
using HlsCache.EndToEnd.Tests.Sources;
using HlsCache.Testing.Azurite;
using HlsCache.Testing.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.EndToEnd.Tests.Soak;

/// <summary>A writer that sleeps while its lock passes on.</summary>
[Trait("Category", "Soak")]
public sealed class PausedEncoderTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("hlscache-paused-").FullName;
    private readonly string account = azurite.Server.NewAccount();
    private TestFunctionApp app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private Dictionary<string, string?> Settings => new(StringComparer.Ordinal)
    {
        ["Storage:ConnectionString"] = account,
        ["Sources:media:Path"] = folder,
        ["Queue:PollMilliseconds"] = "50",
        ["HlsCache:SegmentSeconds"] = "1",
        ["Encode:Preset"] = "slow",
        ["Encoder:Threads"] = "1",
    };

    public async ValueTask InitializeAsync()
    {
        await Tool.FfmpegAsync(
            "-f", "lavfi", "-i", "testsrc2=s=960x540:r=25:d=20", "-f", "lavfi", "-i", "sine=440:r=48000:d=20",
            "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-c:a", "aac", Path.Join(folder, "film.mkv"));
        app = await TestFunctionApp.StartAsync(Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task It_wakes_to_alter_nothing_that_exists_no_row_and_no_seal()
    {
        var play = await app.PlayOkAsync("/media/film.mkv", "720p", audio: 0, cancellationToken: Token);
        await using var paused = EncoderProcess.Start(Settings);
        for (var pictures = 0; pictures < 3;)
        {
            pictures += (await paused.Encoded.ReadAsync(Token)).StartsWith("video/", StringComparison.Ordinal) ? 1 : 0;
        }

        await paused.SignalAsync("STOP");
        // What a minute of sleep would do.
        var container = new BlobServiceClient(account).GetBlobContainerClient($"hls-{play.GetProperty("key").GetString()}-{play.GetProperty("generation").GetString()}");
        await container.GetBlobClient(".writer").GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Token);
        await app.Services.GetRequiredService<IJobQueue>().SendAsync(EncodeJob.For(await EntryAsync(play)), TimeSpan.FromHours(1), Token);

        await using (EncoderProcess.Start(Settings))
        {
            (await SourcePlays.EndOfEncodeAsync(app, play)).GetProperty("state").GetString().ShouldBe("hit");
        }

        var (row, blobs) = (await EntryAsync(play), await BlobsAsync(container));
        await paused.SignalAsync("CONT");
        await paused.SaysAsync("this encoder stops its work on it");
        // It is well, and takes the next job: then the last of the old one is behind it.
        var next = await app.PlayOkAsync("/media/film.mkv", "360p", audio: 0, cancellationToken: Token);
        (await SourcePlays.EndOfEncodeAsync(app, next)).GetProperty("state").GetString().ShouldBe("hit");

        (await EntryAsync(play)).ShouldBe(row);
        (await BlobsAsync(container)).ShouldBe(blobs);
    }

    private async Task<Entry> EntryAsync(JsonElement play)
    {
        var key = EntryKey.Parse(play.GetProperty("key").GetString()!).ShouldNotBeNull();
        return (await app.Services.GetRequiredService<IEntryStore>().ReadAsync(key, Token)).Current.ShouldNotBeNull();
    }

    /// <summary>Every blob with its version; the lock's changes when it is leased.</summary>
    private static async Task<IReadOnlyList<(string Name, string Version)>> BlobsAsync(BlobContainerClient container) =>
        await container.GetBlobsAsync(cancellationToken: Token)
            .Select(b => (b.Name, Version: b.Properties.ETag.ToString() ?? ""))
            .ToListAsync(Token);
}
