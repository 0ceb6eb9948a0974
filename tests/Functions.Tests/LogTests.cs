using System.Net;
using Azure;
using HlsCache.Core.Entries;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;
using HlsCache.Testing.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HlsCache.Functions.Tests;

/// <summary>No secret reaches the log: no token, no signature, no key.</summary>
public sealed class LogTests(AzuriteFixture azurite) : IAsyncDisposable
{
    private const string ApiKey = "open-sesame";

    private readonly Cloud cloud = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task A_play_with_all_its_errors_logs_no_secret()
    {
        var app = await cloud.StartAsync(settings: ("HlsCache:ApiKey", ApiKey));
        app.Client.DefaultRequestHeaders.Add("x-functions-key", ApiKey);
        var play = await app.PlayFilmAsync(own: true);
        await cloud.SealAsync(play.Id());
        string[] paths = [play.Master(), play.Media("video.m3u8"), play.Media("video/seg-0.m4s"), play.Media("video/seg-99.m4s")];
        foreach (var path in paths)
        {
            await app.GetAsync(path);
        }

        foreach (var fault in new Exception[] { new RequestFailedException(503, "Server busy"), new InvalidOperationException("a bug"), new RequestFailedException(403, "no entrance") })
        {
            cloud.Time.Advance(TimeSpan.FromMinutes(2));
            cloud.Probe.Before = _ => throw fault;
            foreach (var path in paths.Append($"/api/play.m3u8?source=/media/film.mkv&quality=720p&code={ApiKey}"))
            {
                using var response = await app.GetAsync(path);
                ((int)response.StatusCode).ShouldBeGreaterThanOrEqualTo(500, path);
                (await response.Content.ReadAsStringAsync(Cancelled)).ShouldNotContain(fault.Message);
            }

            using var put = await app.Client.PutAsync($"/api/sessions/{play.Text("session")}?t={play.Token()}", new StringContent("{}"), Cancelled);
            put.StatusCode.ShouldBeOneOf(HttpStatusCode.ServiceUnavailable, HttpStatusCode.InternalServerError);
        }

        cloud.Log.Text.ShouldContain("sent job 1 for /media/film.mkv");
        cloud.Log.Text.ShouldContain("Storage does not answer: it is busy");
        cloud.Log.Text.ShouldContain("Storage does not answer: it refuses this app");
        cloud.Log.Text.ShouldContain("a bug");
        ShouldHoldNoSecret(cloud.Log, play.Token(), ApiKey);
    }

    [Fact]
    public async Task A_play_on_real_storage_logs_no_secret_though_storage_refuses()
    {
        using var films = new Films();
        using var log = new LogBook();
        var account = azurite.Server.NewAccount();
        await using var app = await TestFunctionApp.StartAsync(
            [new("Storage:ConnectionString", account), new("Sources:media:Path", films.Folder)],
            services => services.AddSingleton<ILoggerProvider>(log));
        var play = await app.PlayFilmAsync(own: true);
        var services = app.Services;
        await new FakeEncoder(services.GetRequiredService<IEntryStore>(), services.GetRequiredService<Core.Segments.ISegmentStore>(), TimeProvider.System).SealAsync(play.Id());
        var playlist = await app.ReadAsync(play.Media("video.m3u8"));
        playlist.ShouldContain("sig=");
        await app.GetAsync(play.Media("video/seg-0.m4s"));
        // The queue is gone, so that the next new film is refused by storage itself.
        await services.GetRequiredService<Azure.Storage.Queues.QueueServiceClient>().DeleteQueueAsync(
            services.GetRequiredService<Microsoft.Extensions.Options.IOptions<Storage.Queues.QueueOptions>>().Value.Name, Cancelled);
        films.Write("other.mkv", "another film");
        using var refused = await app.TryPlayFilmAsync(source: "/media/other.mkv");
        ((int)refused.StatusCode).ShouldBeGreaterThanOrEqualTo(500);

        log.Lines.ShouldNotBeEmpty();
        ShouldHoldNoSecret(log, play.Token(), account.Split("AccountKey=")[1].Split(';')[0]);
    }

    private static void ShouldHoldNoSecret(LogBook log, params string[] secrets)
    {
        foreach (var secret in secrets.Concat(["sig=", "AccountKey", "SharedKey", "c2VjcmV0LW9mLXRoZS1hY2NvdW50"]))
        {
            log.Text.ShouldNotContain(secret);
        }
    }
}
