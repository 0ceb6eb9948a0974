using CliWrap;
using HlsCache.Encoder.Ffmpeg;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Encoder.Tests.Ffmpeg;

public sealed class StallWatchTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Almost = TimeSpan.FromSeconds(119);

    private readonly FakeTimeProvider time = new();
    private readonly StallWatch watch;

    public StallWatchTests() => watch = new(Limit, time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => watch.Dispose();

    [Fact]
    public void Silence_is_a_stall_when_it_lasts()
    {
        time.Advance(Almost);
        watch.Stalled.IsCancellationRequested.ShouldBeFalse();
        time.Advance(Limit - Almost);
        watch.Stalled.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void A_sign_of_life_gives_all_the_time_again()
    {
        for (var i = 0; i < 10; i++)
        {
            time.Advance(Almost);
            watch.Beat();
        }

        watch.Stalled.IsCancellationRequested.ShouldBeFalse();
        time.Advance(Limit);
        watch.Stalled.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public void While_the_process_is_held_no_time_counts()
    {
        time.Advance(Almost);
        watch.Hold(true);
        time.Advance(Limit * 10);
        watch.Beat();
        time.Advance(Limit * 10);
        watch.Stalled.IsCancellationRequested.ShouldBeFalse();
        watch.Hold(false);
        time.Advance(Almost);
        watch.Stalled.IsCancellationRequested.ShouldBeFalse();
        time.Advance(Limit - Almost);
        watch.Stalled.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Only_time_in_which_the_reader_waits_counts()
    {
        var stream = new MemoryStream(new byte[10]);
        var output = watch.Watch(PipeTarget.Create(async (watched, token) =>
        {
            time.Advance(Almost);
            for (var i = 0; i < 10; i++)
            {
                (await watched.ReadAsync(new byte[1], token)).ShouldBe(1);
                time.Advance(Almost);
                watch.Beat();
                time.Advance(Almost);
            }
        }));
        await output.CopyFromAsync(stream, Token);
        watch.Stalled.IsCancellationRequested.ShouldBeFalse();
    }
}
