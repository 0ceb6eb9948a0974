using Azure.Storage.Blobs;
using HlsCache.EndToEnd.Tests.Processes;
using HlsCache.EndToEnd.Tests.Sources;
using HlsCache.Testing.Azurite;

namespace HlsCache.EndToEnd.Tests.Soak;

/// <summary>A writer that sleeps while its lock passes on.</summary>
[Trait("Category", "Soak")]
public sealed class PausedEncoderTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private readonly SoakDeployment soak = new(azurite.Server.NewAccount(), "slow");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await Tool.FfmpegAsync(
            "-f", "lavfi", "-i", "testsrc2=s=960x540:r=25:d=20", "-f", "lavfi", "-i", "sine=440:r=48000:d=20",
            "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-c:a", "aac", Path.Join(soak.Folder, "film.mkv"));
        await soak.StartAsync();
    }

    public ValueTask DisposeAsync() => soak.DisposeAsync();

    [Fact]
    public async Task It_wakes_to_alter_nothing_that_exists_no_row_and_no_seal()
    {
        var play = await soak.App.PlayOkAsync("/media/film.mkv", "720p", audio: 0, cancellationToken: Token);
        await using var paused = EncoderProcess.Start(soak.Settings);
        for (var pictures = 0; pictures < 3;)
        {
            pictures += (await paused.Encoded.ReadAsync(Token)).StartsWith("video/", StringComparison.Ordinal) ? 1 : 0;
        }

        await paused.SignalAsync("STOP");
        // What a minute of sleep would do.
        await soak.FreeAsync(play);

        await using (EncoderProcess.Start(soak.Settings))
        {
            (await SourcePlays.EndOfEncodeAsync(soak.App, play)).GetProperty("state").GetString().ShouldBe("hit");
        }

        var (row, blobs) = (await soak.EntryAsync(play), await BlobsAsync(soak.Container(play)));
        await paused.SignalAsync("CONT");
        await paused.SaysAsync("this encoder stops its work on it");
        // It is well, and takes the next job: then the last of the old one is behind it.
        var next = await soak.App.PlayOkAsync("/media/film.mkv", "360p", audio: 0, cancellationToken: Token);
        (await SourcePlays.EndOfEncodeAsync(soak.App, next)).GetProperty("state").GetString().ShouldBe("hit");

        (await soak.EntryAsync(play)).ShouldBe(row);
        (await BlobsAsync(soak.Container(play))).ShouldBe(blobs);
    }

    /// <summary>Every blob with its version; the lock's changes when it is leased.</summary>
    private static async Task<IReadOnlyList<(string Name, string Version)>> BlobsAsync(BlobContainerClient container) =>
        await container.GetBlobsAsync(cancellationToken: Token)
            .Select(b => (b.Name, Version: b.Properties.ETag.ToString() ?? ""))
            .ToListAsync(Token);
}
