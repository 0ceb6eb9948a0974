using System.Net.Http.Json;
using System.Text.Json;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using HlsCache.EndToEnd.Tests.Processes;
using HlsCache.EndToEnd.Tests.Soak;
using HlsCache.EndToEnd.Tests.Sources;
using HlsCache.Testing.Azurite;
using HlsCache.Testing.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.EndToEnd.Tests.Leftovers;

/// <summary>Each kind of leftover, made by killing the real process at that point; a reaper of a later day clears it away.</summary>
public sealed class LeftoverTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private const string Film = "/media/film.mkv";

    private readonly string account = azurite.Server.NewAccount();
    private SoakDeployment deployment = null!;
    private StorageTap tap = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        deployment = new(account, "ultrafast");
        tap = await StorageTap.StartAsync(account, Token);
        await Tool.FfmpegAsync("-f", "lavfi", "-i", "testsrc2=s=640x360:r=25:d=4", "-f", "lavfi", "-i", "sine=440:r=48000:d=4", "-c:v", "libx264", "-c:a", "aac",
            Path.Join(deployment.Folder, "film.mkv"));
    }

    public async ValueTask DisposeAsync()
    {
        await tap.DisposeAsync();
        await deployment.DisposeAsync();
    }

    [Theory]
    [InlineData("the container is made", @"^PUT \S*/hls-\S*restype=container 201")]
    [InlineData("the plan is written", @"^PUT \S*/plan\.json\S* 201")]
    [InlineData("the row tells of the plan", @"^PUT \S*/entries\(\S* 204 .*""Planned"":true")]
    [InlineData("a segment is there", @"^PUT \S*/video/seg-1\.m4s\S* 201")]
    public async Task An_encoder_that_is_killed_when(string what, string point)
    {
        await KillEncoderAsync(point);
        (await LeftAsync()).ShouldNotBe((0, 0), what);

        await using var app = await ReapOfAnotherDayAsync();

        (await LeftAsync()).ShouldBe((0, 0), what);
    }

    [Fact]
    public async Task A_seal_that_no_row_tells_of_is_a_film()
    {
        await KillEncoderAsync(@"^PUT \S*/\.complete\S* 201");
        (await LeftAsync()).ShouldBe((1, 1));

        await using var app = await ReapOfAnotherDayAsync();

        (await app.PlayOkAsync(Film, "360p", audio: 0, cancellationToken: Token)).GetProperty("state").GetString().ShouldBe("hit");
        (await LeftAsync()).ShouldBe((1, 1));
    }

    [Fact]
    public async Task An_app_that_is_killed_before_it_queued_what_it_began()
    {
        await KillAppAsync(@"^POST \S*/\$batch 202", app => PlayAsync(app));
        (await LeftAsync()).ShouldBe((0, 1));

        await using var app = await ReapOfAnotherDayAsync();

        (await LeftAsync()).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData("the row is marked", @"^PUT \S*/entries\(\S* 204 .*""Evicting""", 1, 1)]
    [InlineData("the container is gone", @"^DELETE \S*restype=container 202", 0, 1)]
    public async Task An_app_that_is_killed_in_an_eviction_when(string what, string point, int containers, int rows)
    {
        await deployment.StartAsync();
        await using (var encoder = EncoderProcess.Start(deployment.Settings))
        {
            var play = await deployment.App.PlayOkAsync(Film, "360p", audio: 0, ownSession: true, cancellationToken: Token);
            (await SourcePlays.EndOfEncodeAsync(deployment.App, play)).GetProperty("state").GetString().ShouldBe("hit", encoder.Output);
            (await LeftAsync()).ShouldBe((1, 1));
            await KillAppAsync(point, app => app.Client.DeleteAsync($"/api/entries/{play.GetProperty("key").GetString()}?now=true", Token));
        }

        (await LeftAsync()).ShouldBe((containers, rows), what);

        await using var app = await ReapOfAnotherDayAsync();

        (await LeftAsync()).ShouldBe((0, 0), what);
    }

    private async Task KillEncoderAsync(string point)
    {
        await deployment.StartAsync();
        await using var encoder = EncoderProcess.Start(Tapped());
        var killed = tap.KillAsync(point, encoder.KillAsync);
        await deployment.App.PlayOkAsync(Film, "360p", audio: 0, cancellationToken: Token);
        await killed.WaitAsync(TimeSpan.FromMinutes(1), Token);
    }

    private async Task KillAppAsync(string point, Func<FunctionsProcess, Task> ask)
    {
        await using var app = await FunctionsProcess.StartAsync(Tapped());
        var killed = tap.KillAsync(point, app.KillAsync);
        var asking = ask(app);
        await killed.WaitAsync(TimeSpan.FromMinutes(1), Token);
        await Should.ThrowAsync<HttpRequestException>(() => asking);
    }

    private static async Task PlayAsync(FunctionsProcess app) =>
        (await app.Client.PostAsJsonAsync("/api/play", new { source = Film, quality = "360p", audio = 0 }, Token)).EnsureSuccessStatusCode();

    /// <summary>An app that comes to this account when every session has ended and every message is gone.</summary>
    private async Task<TestFunctionApp> ReapOfAnotherDayAsync()
    {
        await FreeLeasesAsync();
        var app = await TestFunctionApp.StartAsync(deployment.Settings, services => services.AddSingleton<TimeProvider>(new LaterTime(TimeSpan.FromDays(2))));
        // Waits for the one that the app begins at its start.
        (await app.Client.PostAsync("/api/admin/reap", null, Token)).EnsureSuccessStatusCode();
        return app;
    }

    /// <summary>Takes from the dead what storage would keep for them for a minute.</summary>
    private async Task FreeLeasesAsync()
    {
        var service = new BlobServiceClient(account);
        await foreach (var container in service.GetBlobContainersAsync(cancellationToken: Token))
        {
            var blobs = service.GetBlobContainerClient(container.Name);
            await foreach (var blob in blobs.GetBlobsAsync(cancellationToken: Token).Where(b => b.Properties.LeaseState == LeaseState.Leased))
            {
                await blobs.GetBlobClient(blob.Name).GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Token);
            }
        }
    }

    private async Task<(int Containers, int Rows)> LeftAsync()
    {
        var containers = await new BlobServiceClient(account).GetBlobContainersAsync(prefix: "hls-", cancellationToken: Token)
            .CountAsync(c => c.Name != "hls-maintenance", Token);
        var rows = await new TableServiceClient(account).GetTableClient("entries").QueryAsync<TableEntity>(cancellationToken: Token)
            .CountAsync(r => r.RowKey is not ("current" or "mark"), Token);
        return (containers, rows);
    }

    private Dictionary<string, string?> Tapped() => new(deployment.Settings, StringComparer.Ordinal) { ["Storage:ConnectionString"] = tap.ConnectionString };

    private sealed class LaterTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
