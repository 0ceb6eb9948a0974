using HlsCache.Core.Jobs;

namespace HlsCache.Testing.Contracts;

public abstract class JobQueueContract
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    /// <summary>An empty queue of the test's own.</summary>
    protected abstract Task<IJobQueue> CreateAsync();

    /// <summary>How many messages the queue still keeps, visible or not.</summary>
    protected abstract Task<int> CountAsync();

    protected abstract Task<int> DeadLettersAsync();

    /// <summary>Sends what may not be a job at all, as any client could.</summary>
    protected abstract Task SendTextAsync(string text);

    /// <summary>Lets time pass, where the test has a clock of its own.</summary>
    protected virtual void Advance(TimeSpan time)
    {
    }

    [Fact]
    public async Task A_job_arrives_whole()
    {
        var queue = await CreateAsync();
        var job = new EncodeJob(EncodeJob.CurrentVersion, "8a5da4814e1f6258", "1jdtcq1c8abcdefg", 7, 20, 40, "/media/film.mkv", TraceParent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        await queue.SendAsync(job, Life, Cancel);
        await using var received = await ReceiveAsync(queue);
        received.Job.ShouldBe(job);
        received.Deliveries.ShouldBe(1);
        received.Lost.IsCancellationRequested.ShouldBeFalse();
    }

    [Fact]
    public async Task A_job_may_have_no_end()
    {
        var queue = await CreateAsync();
        await queue.SendAsync(Job(1), Life, Cancel);
        await using var received = await ReceiveAsync(queue);
        received.Job.ShouldBe(Job(1));
    }

    [Fact]
    public async Task Receiving_waits_until_there_is_a_job()
    {
        var queue = await CreateAsync();
        var receiving = ReceiveAsync(queue);
        receiving.IsCompleted.ShouldBeFalse();
        await queue.SendAsync(Job(1), Life, Cancel);
        await using var received = await receiving;
        received.Job.ShouldBe(Job(1));
    }

    [Fact]
    public async Task Waiting_ends_when_it_is_cancelled()
    {
        var queue = await CreateAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var receiving = queue.ReceiveAsync(stop.Token);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => receiving.WaitAsync(Patience, Cancel));
    }

    [Fact]
    public async Task A_job_that_is_held_is_not_given_to_another()
    {
        var queue = await CreateAsync();
        await queue.SendAsync(Job(1), Life, Cancel);
        await using var first = await ReceiveAsync(queue);
        await queue.SendAsync(Job(2), Life, Cancel);
        await using var second = await ReceiveAsync(queue);
        second.Job.ShouldBe(Job(2));
        (await CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task Each_of_many_jobs_goes_to_one_of_many_receivers()
    {
        var queue = await CreateAsync();
        var receiving = Enumerable.Range(1, 8).Select(_ => ReceiveAsync(queue)).ToList();
        foreach (var n in Enumerable.Range(1, 8))
        {
            await queue.SendAsync(Job(n), Life, Cancel);
        }

        var received = await Task.WhenAll(receiving);
        received.Select(r => r.Job).ShouldBe(Enumerable.Range(1, 8).Select(Job), ignoreOrder: true);
        foreach (var job in received)
        {
            await job.CompleteAsync(Cancel);
            await job.DisposeAsync();
        }

        (await CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_completed_job_is_gone()
    {
        var queue = await CreateAsync();
        await queue.SendAsync(Job(1), Life, Cancel);
        await using (var received = await ReceiveAsync(queue))
        {
            await received.CompleteAsync(Cancel);
        }

        (await CountAsync()).ShouldBe(0);
        (await DeadLettersAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_job_handed_back_reappears_as_if_it_had_not_been_delivered()
    {
        var queue = await CreateAsync();
        await queue.SendAsync(Job(1), Life, Cancel);
        for (var i = 0; i < 3; i++)
        {
            await using var received = await ReceiveAsync(queue);
            received.Job.ShouldBe(Job(1));
            received.Deliveries.ShouldBe(1);
            await received.AbandonAsync(TimeSpan.Zero, Cancel);
        }

        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_job_that_failed_reappears_with_one_more_delivery()
    {
        var queue = await CreateAsync();
        await queue.SendAsync(Job(1), Life, Cancel);
        foreach (var delivery in Enumerable.Range(1, 3))
        {
            await using (var received = await ReceiveAsync(queue))
            {
                received.Job.ShouldBe(Job(1));
                received.Deliveries.ShouldBe(delivery);
                await received.FailAsync(Cancel);
            }

            // Handed back in between, the count stays.
            await using var again = await ReceiveAsync(queue);
            again.Deliveries.ShouldBe(delivery + 1);
            await again.AbandonAsync(TimeSpan.Zero, Cancel);
        }

        (await CountAsync()).ShouldBe(1);
        (await DeadLettersAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_job_handed_back_for_later_is_not_seen_now()
    {
        var queue = await CreateAsync();
        await queue.SendAsync(Job(1), Life, Cancel);
        await using (var received = await ReceiveAsync(queue))
        {
            await received.AbandonAsync(TimeSpan.FromHours(1), Cancel);
        }

        await queue.SendAsync(Job(2), Life, Cancel);
        await using var next = await ReceiveAsync(queue);
        next.Job.ShouldBe(Job(2));
        (await CountAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_job_handed_back_for_later_comes_later()
    {
        var queue = await CreateAsync();
        await queue.SendAsync(Job(1), Life, Cancel);
        await using (var received = await ReceiveAsync(queue))
        {
            await received.AbandonAsync(Soon, Cancel);
        }

        var receiving = ReceiveAsync(queue);
        receiving.IsCompleted.ShouldBeFalse();
        Advance(Soon);
        await using var again = await receiving;
        (again.Job, again.Deliveries).ShouldBe((Job(1), 1));
        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Urgent_work_goes_first_and_other_work_when_there_is_none()
    {
        var queue = await CreateAsync();
        foreach (var n in new[] { 1, 2 })
        {
            await queue.SendAsync(Filling(n), Life, Cancel);
        }

        await queue.SendAsync(Job(3), Life, Cancel);
        (await queue.DepthAsync(1000, Cancel)).ShouldBe(3);
        foreach (var expected in new[] { Job(3), Filling(1), Filling(2) })
        {
            await using var received = await ReceiveAsync(queue);
            received.Job.ShouldBe(expected);
            await received.CompleteAsync(Cancel);
        }

        (await queue.DepthAsync(1000, Cancel)).ShouldBe(0);
    }

    [Theory]
    [InlineData(JobPriority.Urgent)]
    [InlineData(JobPriority.Filling)]
    public async Task Who_waits_is_woken_by_either_kind_of_work(JobPriority priority)
    {
        var queue = await CreateAsync();
        var receiving = ReceiveAsync(queue);
        await queue.SendAsync(Job(1) with { Priority = priority }, Life, Cancel);
        await using var received = await receiving;
        received.Job.ShouldBe(Job(1) with { Priority = priority });
    }

    [Fact]
    public async Task Work_that_can_wait_is_settled_like_any_other()
    {
        var queue = await CreateAsync();
        await queue.SendAsync(Filling(1), Life, Cancel);
        await using (var received = await ReceiveAsync(queue))
        {
            await received.AbandonAsync(TimeSpan.Zero, Cancel);
        }

        await using (var received = await ReceiveAsync(queue))
        {
            await received.DeadLetterAsync("Failed", "five times", Cancel);
        }

        (await queue.DepthAsync(1000, Cancel)).ShouldBe(0);
        (await DeadLettersAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_message_of_a_newer_version_arrives_as_one()
    {
        var queue = await CreateAsync();
        await SendTextAsync("""{"version":7,"key":{"of":"another form"},"priority":"Someday"}""");
        await using var received = await ReceiveAsync(queue);
        received.Job.ShouldNotBeNull().Version.ShouldBe(7);
        received.Job.Id().ShouldBeNull();
        await received.AbandonAsync(TimeSpan.Zero, Cancel);
        await using var again = await ReceiveAsync(queue);
        again.Job.ShouldBe(received.Job);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[7]")]
    [InlineData("""{"version":"one"}""")]
    public async Task A_message_that_cannot_be_read_arrives_without_a_job_and_can_be_moved_aside(string text)
    {
        var queue = await CreateAsync();
        await SendTextAsync(text);
        await using (var received = await ReceiveAsync(queue))
        {
            received.Job.ShouldBeNull();
            await received.DeadLetterAsync("Unreadable", "not a job", Cancel);
        }

        (await CountAsync()).ShouldBe(0);
        (await DeadLettersAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_job_moved_aside_is_gone_from_the_queue()
    {
        var queue = await CreateAsync();
        await queue.SendAsync(Job(1), Life, Cancel);
        await using (var received = await ReceiveAsync(queue))
        {
            await received.DeadLetterAsync("Unreadable", "moov atom not found", Cancel);
        }

        (await CountAsync()).ShouldBe(0);
        (await DeadLettersAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task The_depth_counts_jobs_that_wait_are_held_or_come_later_and_no_others()
    {
        var queue = await CreateAsync();
        (await queue.DepthAsync(1000, Cancel)).ShouldBe(0);
        foreach (var n in Enumerable.Range(1, 4))
        {
            await queue.SendAsync(Job(n), Life, Cancel);
        }

        await using var held = await ReceiveAsync(queue);
        await using var later = await ReceiveAsync(queue);
        await later.AbandonAsync(TimeSpan.FromHours(1), Cancel);
        await using var done = await ReceiveAsync(queue);
        (await queue.DepthAsync(1000, Cancel)).ShouldBe(4);
        await done.CompleteAsync(Cancel);
        (await queue.DepthAsync(1000, Cancel)).ShouldBe(3);
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    // Bounded, so that a job that never comes fails the test instead of hanging it.
    private static Task<IReceivedJob> ReceiveAsync(IJobQueue queue) => queue.ReceiveAsync(Cancel).WaitAsync(Patience, Cancel);

    private static EncodeJob Filling(int attempt) => Job(attempt) with { Priority = JobPriority.Filling };

    private static EncodeJob Job(int attempt) => new(EncodeJob.CurrentVersion, "8a5da4814e1f6258", "1jdtcq1c8abcdefg", attempt);
}
