using System.Net;
using HlsCache.EndToEnd.Tests.Processes;
using HlsCache.EndToEnd.Tests.Soak;
using HlsCache.EndToEnd.Tests.Sources;
using HlsCache.Testing.Azurite;
using HlsCache.Testing.ServiceBus;

namespace HlsCache.EndToEnd.Tests.ServiceBus;

/// <summary>The function app and encoders, the latter as processes, with Service Bus between them.</summary>
public sealed class ServiceBusTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private ServiceBusBroker broker = null!;
    private SoakDeployment deployment = null!;
    private string queue = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        broker = await ServiceBusBroker.StartAsync();
        queue = await broker.NewQueuesAsync(lockSeconds: 60);
        deployment = new(
            azurite.Server.NewAccount(), "slow", ("Queue:Kind", "ServiceBus"), ("Queue:ConnectionString", broker.ConnectionString), ("Queue:Name", queue));
        await Tool.FfmpegAsync(
            "-f", "lavfi", "-i", "testsrc2=s=960x540:r=25:d=8", "-f", "lavfi", "-i", "sine=440:r=48000:d=8",
            "-c:v", "libx264", "-preset", "ultrafast", "-g", "50", "-c:a", "aac", Path.Join(deployment.Folder, "film.mkv"));
        await deployment.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await deployment.DisposeAsync();
        await broker.DisposeAsync();
    }

    [Fact]
    public async Task A_film_plays_while_it_is_encoded_and_is_sealed_and_the_next_play_is_a_hit()
    {
        await using var encoder = EncoderProcess.Start(deployment.Settings);
        var play = await deployment.App.PlayOkAsync("/media/film.mkv", "360p", audio: 0, cancellationToken: Token);
        play.GetProperty("state").GetString().ShouldBe("queued");
        var master = new Uri(play.GetProperty("master").GetString()!);
        (await deployment.App.Client.GetStringAsync(master, Token)).ShouldContain("#EXT-X-STREAM-INF");

        var end = await SourcePlays.EndOfEncodeAsync(deployment.App, play);

        end.GetProperty("state").GetString().ShouldBe("hit", encoder.Output);
        var state = await broker.BecomesAsync(queue, q => q.Count == 0);
        (state.Sent, state.Delivered).ShouldBe((1, 1));
        (await deployment.App.Client.GetStringAsync("/api/health", Token)).ShouldBe("""{"status":"ok","down":[]}""");
    }

    [Fact]
    public async Task A_broker_that_restarts_in_mid_encode_costs_nothing_and_health_names_it_meanwhile()
    {
        await using var encoder = EncoderProcess.Start(deployment.Settings);
        var play = await deployment.App.PlayOkAsync("/media/film.mkv", "720p", audio: 0, cancellationToken: Token);
        await PicturesAsync(encoder, 2);

        await broker.DoAsync("stop");
        using (var health = await deployment.App.Client.GetAsync("/api/health", Token))
        {
            health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await health.Content.ReadAsStringAsync(Token)).ShouldContain("Service Bus localhost ");
        }

        using (var refused = await deployment.App.PlayAsync("/media/film.mkv", "480p", audio: 0, cancellationToken: Token))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
        }

        await broker.DoAsync("start");

        (await SourcePlays.EndOfEncodeAsync(deployment.App, play)).GetProperty("state").GetString().ShouldBe("hit", encoder.Output);
        (await broker.BecomesAsync(queue, q => q.Count == 0)).Delivered.ShouldBe(1, encoder.Output);
    }

    [Fact]
    public async Task An_encoder_that_is_stopped_hands_its_film_to_another_at_once_and_uncounted()
    {
        await using var first = EncoderProcess.Start(deployment.Settings);
        var play = await deployment.App.PlayOkAsync("/media/film.mkv", "720p", audio: 0, cancellationToken: Token);
        await PicturesAsync(first, 2);
        await first.SignalAsync("TERM");
        await first.SaysAsync("the job is handed back");
        var message = (await broker.BecomesAsync(queue, q => q.Locked == 0)).Messages.ShouldHaveSingleItem();
        (message.Deliveries, message.Properties["handedBack"]).ShouldBe((1, "1"));

        await using var second = EncoderProcess.Start(deployment.Settings);

        (await SourcePlays.EndOfEncodeAsync(deployment.App, play)).GetProperty("state").GetString().ShouldBe("hit", second.Output);
        (await broker.BecomesAsync(queue, q => q.Count == 0)).Sent.ShouldBe(1);
    }

    private static async Task PicturesAsync(EncoderProcess encoder, int count)
    {
        while (count > 0)
        {
            count -= (await encoder.Encoded.ReadAsync(Token)).StartsWith("video/", StringComparison.Ordinal) ? 1 : 0;
        }
    }
}
