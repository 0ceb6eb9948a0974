using HlsCache.Core.Jobs;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Tests.Stage;
using Microsoft.Extensions.Hosting;

namespace HlsCache.Encoder.Tests.Jobs;

/// <summary>An encoder that is stopped leaves its job to the next one at once.</summary>
public sealed class EncodeWorkerTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly EncoderStage stage = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public async Task Stopped_between_the_message_and_the_claim_it_hands_the_message_back()
    {
        await stage.FilmAsync("film.mp4", 1);
        // Reading the source hangs, and so does the container's creation.
        stage.Replace("ffprobe", "exec sleep 600");
        var entry = await stage.PlayAsync("film.mp4");
        var reached = new TaskCompletionSource();
        stage.Segments.BeforeCreate = async token =>
        {
            reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, token);
        };
        var worker = stage.Get<IEnumerable<IHostedService>>().OfType<EncodeWorker>().Single();
        await worker.StartAsync(Token);
        await reached.Task.WaitAsync(Limit, Token);

        await worker.StopAsync(Token);

        await using var again = await stage.Queue.ReceiveAsync(Token).WaitAsync(Limit, Token);
        again.Job.ShouldBe(EncodeJob.For(entry));
        (await stage.RowAsync(entry)).Failures.ShouldBe(0);
    }

    [Fact]
    public async Task Stopped_as_the_message_comes_it_hands_the_message_back()
    {
        await stage.FilmAsync("film.mp4", 1);
        await stage.PlayAsync("film.mp4");
        using var stop = new CancellationTokenSource();
        stage.Queue.Taken = stop.Cancel;
        var worker = stage.Get<IEnumerable<IHostedService>>().OfType<EncodeWorker>().Single();
        await worker.StartAsync(stop.Token);
        await worker.ExecuteTask!.WaitAsync(Limit, Token);

        stage.Queue.Taken = () => { };
        await using var again = await stage.Queue.ReceiveAsync(Token).WaitAsync(Limit, Token);
        again.Deliveries.ShouldBe(1);
    }
}
