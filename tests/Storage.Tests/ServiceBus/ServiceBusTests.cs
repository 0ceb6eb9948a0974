using HlsCache.Core.Jobs;
using HlsCache.Testing.ServiceBus;

namespace HlsCache.Storage.Tests;

/// <summary>What Service Bus does that other queues do not: locks that run out, credit, duplicate detection, schedules.</summary>
public sealed class ServiceBusTests(BrokerFixture fixture)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly EncodeJob Job = new(EncodeJob.CurrentVersion, "8a5da4814e1f6258", "1jdtcq1c8abcdefg", 1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ServiceBusBroker Broker => fixture.Broker;

    [Fact]
    public async Task A_job_that_takes_longer_than_its_lock_is_renewed_and_delivered_once()
    {
        await using var bus = await ServiceBusHost.StartAsync(Broker, lockSeconds: 1.5);
        await bus.Queue.SendAsync(Job, Life, Cancel);
        await using var received = await ReceiveAsync(bus);
        await Broker.BecomesAsync(bus.Name, q => q.Renewed >= 6);
        received.Lost.IsCancellationRequested.ShouldBeFalse();
        await received.CompleteAsync(Cancel);
        var state = await Broker.StateAsync(bus.Name);
        (state.Count, state.Delivered).ShouldBe((0, 1));
    }

    [Fact]
    public async Task Who_lost_a_lock_is_told_settles_nothing_and_makes_no_copy()
    {
        await using var bus = await ServiceBusHost.StartAsync(Broker, lockSeconds: 1.5);
        await bus.Queue.SendAsync(Job, Life, Cancel);
        await using var first = await ReceiveAsync(bus);
        var lost = new TaskCompletionSource();
        await using var _ = first.Lost.Register(lost.SetResult);
        await Broker.DoAsync("loseLocks", new() { ["name"] = bus.Name });
        await using var second = await ReceiveAsync(bus);
        second.Deliveries.ShouldBe(2);
        await lost.Task.WaitAsync(Patience, Cancel);
        await first.CompleteAsync(Cancel);
        await first.FailAsync(Cancel);
        await first.AbandonAsync(TimeSpan.Zero, Cancel);
        await first.AbandonAsync(TimeSpan.FromHours(1), Cancel);
        bus.Log.Text.ShouldContain("could not be completed: its lock was lost");
        var state = await Broker.StateAsync(bus.Name);
        (state.Count, state.Sent, state.Locked).ShouldBe((1, 1, 1));
        await second.CompleteAsync(Cancel);
        (await Broker.StateAsync(bus.Name)).Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_job_whose_holder_died_is_delivered_to_another_when_its_lock_ends()
    {
        await using var bus = await ServiceBusHost.StartAsync(Broker, lockSeconds: 1.5);
        await bus.Queue.SendAsync(Job, Life, Cancel);
        await (await ReceiveAsync(bus)).DisposeAsync();
        await using var again = await ReceiveAsync(bus);
        again.Deliveries.ShouldBe(2);
    }

    [Fact]
    public async Task A_thousand_duplicates_are_one_job()
    {
        await using var bus = await ServiceBusHost.StartAsync(Broker);
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => bus.Queue.SendAsync(Job, Life, Cancel)));
        var state = await Broker.StateAsync(bus.Name);
        (state.Count, state.Sent, state.Duplicates).ShouldBe((1, 1, 999));
    }

    [Fact]
    public async Task A_job_handed_back_for_later_is_not_taken_for_a_duplicate_and_keeps_what_is_left_of_its_life()
    {
        await using var bus = await ServiceBusHost.StartAsync(Broker);
        await bus.Queue.SendAsync(Job, Life, Cancel);
        for (var i = 0; i < 2; i++)
        {
            await using var received = await ReceiveAsync(bus);
            await received.AbandonAsync(TimeSpan.FromMilliseconds(200), Cancel);
        }

        await using var again = await ReceiveAsync(bus);
        (again.Job, again.Deliveries).ShouldBe((Job, 1));
        var message = (await Broker.StateAsync(bus.Name)).Messages.ShouldHaveSingleItem();
        message.Id.ShouldNotBeNull().ShouldStartWith(Job.MessageId() + "~");
        message.Id.Count(c => c == '~').ShouldBe(1);
        message.Ttl.ShouldNotBeNull().ShouldBeInRange((long)Life.TotalMilliseconds - 60_000, (long)Life.TotalMilliseconds - 1);
    }

    [Fact]
    public async Task A_job_postponed_beyond_its_life_goes_to_the_dead_letters()
    {
        await using var bus = await ServiceBusHost.StartAsync(Broker);
        await bus.Queue.SendAsync(Job, TimeSpan.FromMinutes(2), Cancel);
        await using var received = await ReceiveAsync(bus);
        await received.AbandonAsync(TimeSpan.FromMinutes(5), Cancel);
        var state = await Broker.StateAsync(bus.Name);
        (state.Count, state.Sent).ShouldBe((0, 1));
        (await Broker.StateAsync($"{bus.Name}/$DeadLetterQueue")).Messages.ShouldHaveSingleItem().Properties["DeadLetterReason"].ShouldBe("Expired");
    }

    [Fact]
    public async Task A_job_postponed_to_the_end_of_its_life_has_a_minute_left()
    {
        await using var bus = await ServiceBusHost.StartAsync(Broker);
        await bus.Queue.SendAsync(Job, TimeSpan.FromMinutes(5.5), Cancel);
        await using var received = await ReceiveAsync(bus);
        await received.AbandonAsync(TimeSpan.FromMinutes(5), Cancel);
        (await Broker.StateAsync(bus.Name)).Messages.ShouldHaveSingleItem().Ttl.ShouldBe(60_000);
    }

    [Fact]
    public async Task A_job_handed_back_for_later_stays_one_when_the_answer_is_cut_off()
    {
        await using var broker = await ServiceBusBroker.StartAsync();
        await using var bus = await ServiceBusHost.StartAsync(broker);
        await bus.Queue.SendAsync(Job, Life, Cancel);
        await using var received = await ReceiveAsync(bus);
        await broker.DoAsync("takeAndDrop");
        await received.AbandonAsync(TimeSpan.FromHours(1), Cancel);
        var state = await broker.StateAsync(bus.Name);
        (state.Count, state.Sent, state.Duplicates).ShouldBe((1, 2, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_empty_queue_is_counted_and_waited_at_whether_or_not_it_calls_that_not_found(bool notFound)
    {
        await using var broker = await ServiceBusBroker.StartAsync();
        await using var bus = await ServiceBusHost.StartAsync(broker);
        if (notFound)
        {
            await broker.DoAsync("emptyIsNotFound");
        }

        (await bus.Queue.DepthAsync(1000, Cancel)).ShouldBe(0);
        (await bus.CheckAsync()).ShouldBeNull();
        var waiting = ReceiveAsync(bus);
        await broker.BecomesAsync($"{bus.Name}-fill", q => q.Credit == 1);
        await bus.Queue.SendAsync(Job, Life, Cancel);
        await using var received = await waiting;
        received.Job.ShouldBe(Job);
    }

    [Fact]
    public async Task Whoever_dies_between_the_copy_and_the_original_leaves_both()
    {
        await using var broker = await ServiceBusBroker.StartAsync();
        await using var bus = await ServiceBusHost.StartAsync(broker);
        await bus.Queue.SendAsync(Job, Life, Cancel);
        await using var received = await ReceiveAsync(bus);
        await broker.DoAsync("refuse", new() { ["operation"] = "com.microsoft:update-disposition" });
        await Should.ThrowAsync<IOException>(() => received.AbandonAsync(TimeSpan.FromHours(1), Cancel));
        var state = await broker.StateAsync(bus.Name);
        (state.Count, state.Locked).ShouldBe((2, 1));
        state.Messages.Count(m => m.Scheduled).ShouldBe(1);
    }

    [Fact]
    public async Task A_job_is_handed_back_though_the_link_broke_that_brought_it()
    {
        await using var broker = await ServiceBusBroker.StartAsync();
        await using var bus = await ServiceBusHost.StartAsync(broker);
        await bus.Queue.SendAsync(Job, Life, Cancel);
        await using var received = await ReceiveAsync(bus);
        await broker.DoAsync("drop");
        await received.AbandonAsync(TimeSpan.Zero, Cancel);
        await using var again = await ReceiveAsync(bus);
        (again.Job, again.Deliveries).ShouldBe((Job, 1));
        (await broker.StateAsync(bus.Name)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_job_that_fails_again_and_again_ends_among_the_dead_letters()
    {
        await using var bus = await ServiceBusHost.StartAsync(Broker, maxDeliveries: 3);
        await bus.Queue.SendAsync(Job, Life, Cancel);
        for (var i = 0; i < 3; i++)
        {
            await using var received = await ReceiveAsync(bus);
            await received.FailAsync(Cancel);
        }

        (await Broker.StateAsync(bus.Name)).Count.ShouldBe(0);
        (await Broker.StateAsync($"{bus.Name}/$DeadLetterQueue")).Messages.ShouldHaveSingleItem().Properties["DeadLetterReason"].ShouldBe("MaxDeliveryCountExceeded");
    }

    [Fact]
    public async Task Who_waits_has_credit_for_one_of_each_and_who_works_has_none()
    {
        await using var bus = await ServiceBusHost.StartAsync(Broker);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var waiting = bus.Queue.ReceiveAsync(stop.Token);
        await CreditBecomesAsync(bus, 1);
        await bus.Queue.SendAsync(Job, Life, Cancel);
        await using var received = await waiting;
        await CreditBecomesAsync(bus, 0);

        var next = bus.Queue.ReceiveAsync(stop.Token);
        await CreditBecomesAsync(bus, 1);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => next);
        await CreditBecomesAsync(bus, 0);
    }

    [Fact]
    public async Task Waiting_asks_the_service_for_nothing()
    {
        await using var broker = await ServiceBusBroker.StartAsync();
        await using var bus = await ServiceBusHost.StartAsync(broker);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var waiting = bus.Queue.ReceiveAsync(stop.Token);
        await broker.BecomesAsync($"{bus.Name}-fill", q => q.Credit == 1);
        var before = (await broker.DoAsync("counts"))["questions"]!.GetValue<int>();
        await Task.Delay(TimeSpan.FromSeconds(1), Cancel);
        (await broker.DoAsync("counts"))["questions"]!.GetValue<int>().ShouldBe(before);
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task Stopping_leaves_no_message_locked_that_was_on_its_way()
    {
        for (var i = 0; i < 5; i++)
        {
            var name = await Broker.NewQueuesAsync();
            var bus = ServiceBusHost.Connect(Broker, name);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            var waiting = bus.Queue.ReceiveAsync(stop.Token);
            await CreditBecomesAsync(bus, 1);
            await using var sender = ServiceBusHost.Connect(Broker, name);
            await sender.Queue.DepthAsync(1000, Cancel);
            var sending = sender.Queue.SendAsync(Job, Life, Cancel);
            await stop.CancelAsync();
            try
            {
                await using var received = await waiting;
                await received.AbandonAsync(TimeSpan.Zero, Cancel);
            }
            catch (OperationCanceledException)
            {
                // The stop was quicker than the message.
            }

            await sending;
            await bus.DisposeAsync();
            await using var other = await sender.Queue.ReceiveAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(10), Cancel);
            other.Deliveries.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Many_jobs_are_counted_page_by_page()
    {
        await using var bus = await ServiceBusHost.StartAsync(Broker);
        await Task.WhenAll(Enumerable.Range(0, 620).Select(n => bus.Queue.SendAsync(Job with { Attempt = n }, Life, Cancel)));
        (await bus.Queue.DepthAsync(1000, Cancel)).ShouldBe(620);
        (await bus.Queue.DepthAsync(100, Cancel)).ShouldBe(100);
    }

    private async Task CreditBecomesAsync(ServiceBusHost bus, int credit)
    {
        await Broker.BecomesAsync(bus.Name, q => q.Credit == credit);
        await Broker.BecomesAsync($"{bus.Name}-fill", q => q.Credit == credit);
    }

    private static Task<IReceivedJob> ReceiveAsync(ServiceBusHost bus) => bus.Queue.ReceiveAsync(Cancel).WaitAsync(Patience, Cancel);
}
