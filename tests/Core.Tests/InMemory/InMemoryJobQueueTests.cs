using HlsCache.Core.Jobs;
using HlsCache.Testing;
using HlsCache.Testing.InMemory;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Core.Tests.InMemory;

public sealed class InMemoryJobQueueTests
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly EncodeJob Job = new(EncodeJob.CurrentVersion, "8a5da4814e1f6258", "1jdtcq1c8abcdefg", 1);

    private readonly FakeTimeProvider time = new(Samples.Now);
    private readonly InMemoryJobQueue queue;

    public InMemoryJobQueueTests() => queue = new(time);

    [Fact]
    public async Task A_job_handed_back_for_later_reappears_then_and_not_before()
    {
        await queue.SendAsync(Job, Life, Cancel);
        await using (var received = await queue.ReceiveAsync(Cancel))
        {
            await received.AbandonAsync(TimeSpan.FromMinutes(5), Cancel);
        }

        var receiving = queue.ReceiveAsync(Cancel);
        time.Advance(TimeSpan.FromMinutes(5) - Instant);
        receiving.IsCompleted.ShouldBeFalse();
        time.Advance(Instant);
        await using var again = await receiving.WaitAsync(Patience, Cancel);
        again.Deliveries.ShouldBe(1);
    }

    [Fact]
    public async Task A_job_that_was_let_go_of_unsettled_reappears_when_its_time_is_up()
    {
        await queue.SendAsync(Job, Life, Cancel);
        await (await queue.ReceiveAsync(Cancel)).DisposeAsync();
        var receiving = queue.ReceiveAsync(Cancel);
        time.Advance(InMemoryJobQueue.Visibility - Instant);
        receiving.IsCompleted.ShouldBeFalse();
        time.Advance(Instant);
        await using var again = await receiving.WaitAsync(Patience, Cancel);
        again.Deliveries.ShouldBe(2);
    }

    [Fact]
    public async Task A_job_stays_invisible_as_long_as_it_is_held()
    {
        await queue.SendAsync(Job, Life, Cancel);
        await using var received = await queue.ReceiveAsync(Cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var other = queue.ReceiveAsync(stop.Token);
        time.Advance(TimeSpan.FromHours(10));
        other.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => other);
    }

    [Fact]
    public async Task A_job_that_nobody_takes_goes_at_the_end_of_its_life()
    {
        await queue.SendAsync(Job, Life, Cancel);
        time.Advance(Life - Instant);
        queue.Count.ShouldBe(1);
        time.Advance(Instant);
        queue.Count.ShouldBe(0);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var receiving = queue.ReceiveAsync(stop.Token);
        receiving.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => receiving);
    }

    [Fact]
    public async Task A_holder_that_lost_its_job_is_told_and_can_settle_it_no_more()
    {
        await queue.SendAsync(Job, Life, Cancel);
        await using var first = await queue.ReceiveAsync(Cancel);
        queue.LoseHeld();
        first.Lost.IsCancellationRequested.ShouldBeTrue();
        await using var second = await queue.ReceiveAsync(Cancel);
        await first.CompleteAsync(Cancel);
        queue.Count.ShouldBe(1);
        second.Lost.IsCancellationRequested.ShouldBeFalse();
        await second.CompleteAsync(Cancel);
        queue.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_is_no_job_arrives_as_none()
    {
        queue.SendText("not JSON", Life);
        await using var received = await queue.ReceiveAsync(Cancel);
        received.Job.ShouldBeNull();
        await received.DeadLetterAsync("Unreadable", "not a job", Cancel);
        queue.DeadLetters.ShouldHaveSingleItem().ShouldBe(new(null, "Unreadable", "not a job"));
    }

    [Fact]
    public async Task Tests_see_what_was_sent_and_what_was_moved_aside()
    {
        await queue.SendAsync(Job, Life, Cancel);
        await using var received = await queue.ReceiveAsync(Cancel);
        await received.DeadLetterAsync("Failed", "five times", Cancel);
        queue.Sent.ShouldBe([Job]);
        queue.DeadLetters.ShouldBe([new(Job, "Failed", "five times")]);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}
