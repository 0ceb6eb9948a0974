using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Tests.Stage;
using HlsCache.Testing;
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

    [Fact]
    public async Task A_fault_that_nobody_foresaw_counts_as_a_delivery()
    {
        await FaultyFilmAsync(new InvalidOperationException("A bug."), deliveries: 1);
        await WorkUntilTakenAgainAsync();
        await using var again = await stage.Queue.ReceiveAsync(Token).WaitAsync(Limit, Token);
        again.Deliveries.ShouldBe(2);
    }

    [Fact]
    public async Task The_tenth_delivery_with_such_a_fault_is_the_last_and_viewers_are_told()
    {
        var entry = await FaultyFilmAsync(new InvalidOperationException("A bug.\nOf which this is not for viewers."), deliveries: 10);
        await WorkUntilGivenUpAsync();
        var letter = stage.Queue.DeadLetters.ShouldHaveSingleItem();
        (letter.Job, letter.Reason, letter.Description).ShouldBe((EncodeJob.For(entry), "Fault", "The encoder met an error that it does not know: A bug."));
        var row = await stage.RowAsync(entry);
        (row.State, row.Error).ShouldBe((EntryState.Failed, letter.Description));
        row.FailedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task Viewers_of_what_is_encoded_in_the_place_of_an_alias_are_told_too()
    {
        var alias = await FaultyFilmAsync(new InvalidOperationException("A bug."), deliveries: 10, audio: "-1");
        await WorkUntilGivenUpAsync();
        (await stage.Entries.FindAsync(alias.Id, Token)).ShouldBeNull();
        var row = await stage.RowAsync(Samples.Request("/media/film.mp4", "360p", "0"));
        (row.State, row.Error).ShouldBe((EntryState.Failed, "The encoder met an error that it does not know: A bug."));
    }

    [Fact]
    public async Task Storage_that_is_down_is_no_fault_of_the_job()
    {
        var entry = await FaultyFilmAsync(new HttpRequestException("Storage is down."), deliveries: 10);
        await WorkUntilTakenAgainAsync();
        await using var again = await stage.Queue.ReceiveAsync(Token).WaitAsync(Limit, Token);
        again.Deliveries.ShouldBe(10);
        stage.Queue.DeadLetters.ShouldBeEmpty();
        (await stage.RowAsync(entry)).State.ShouldBe(EntryState.Queued);
    }

    private EncodeWorker Worker => stage.Get<IEnumerable<IHostedService>>().OfType<EncodeWorker>().Single();

    /// <summary>A film whose work fails before it can be counted in its row.</summary>
    /// <param name="deliveries">Of its message, with the next one.</param>
    private async Task<Entry> FaultyFilmAsync(Exception fault, int deliveries, string audio = "0")
    {
        await stage.FilmAsync("film.mp4", 1);
        var entry = await stage.PlayAsync("film.mp4", audio: audio);
        stage.Segments.BeforeCreate = _ => throw fault;
        for (var i = 1; i < deliveries; i++)
        {
            await using var job = await stage.Queue.ReceiveAsync(Token);
            await job.FailAsync(Token);
        }

        return entry;
    }

    private async Task WorkUntilGivenUpAsync()
    {
        var worker = Worker;
        await worker.StartAsync(Token);
        while (stage.Queue.DeadLetters.Count == 0)
        {
            await Task.Delay(50, Token);
        }

        await worker.StopAsync(Token);
    }

    private async Task WorkUntilTakenAgainAsync()
    {
        using var stop = new CancellationTokenSource();
        var taken = 0;
        stage.Queue.Taken = () =>
        {
            if (++taken == 2)
            {
                stop.Cancel();
            }
        };
        var worker = Worker;
        await worker.StartAsync(stop.Token);
        await worker.ExecuteTask!.WaitAsync(Limit, Token);
        stage.Queue.Taken = () => { };
    }
}
