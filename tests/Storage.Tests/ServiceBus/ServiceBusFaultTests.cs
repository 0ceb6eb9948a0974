using Azure.Messaging.ServiceBus;
using HlsCache.Core.Jobs;
using HlsCache.Testing.ServiceBus;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Storage.Tests;

/// <summary>Everything that can break between us and Service Bus does, and no job is lost.</summary>
public sealed class ServiceBusFaultTests : IAsyncLifetime
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private ServiceBusBroker broker = null!;
    private ServiceBusHost bus = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        broker = await ServiceBusBroker.StartAsync();
        bus = await ServiceBusHost.StartAsync(broker);
    }

    public async ValueTask DisposeAsync()
    {
        await bus.DisposeAsync();
        await broker.DisposeAsync();
    }

    [Theory]
    [InlineData("drop")]
    [InlineData("idle")]
    [InlineData("detach")]
    [InlineData("restart")]
    public async Task Who_waits_goes_on_waiting_when_the_connection_or_link_breaks(string how)
    {
        var waiting = ReceiveAsync();
        await broker.BecomesAsync($"{bus.Name}-fill", q => q.Credit == 1);
        await BreakAsync(how);
        await bus.Queue.SendAsync(Job(1), Life, Cancel);
        await using var received = await waiting;
        received.Job.ShouldBe(Job(1));
    }

    [Theory]
    [InlineData("drop")]
    [InlineData("idle")]
    [InlineData("detach")]
    [InlineData("restart")]
    public async Task A_job_is_settled_whatever_broke_since_it_came(string how)
    {
        await bus.Queue.SendAsync(Job(1), Life, Cancel);
        await using var received = await ReceiveAsync();
        await BreakAsync(how);
        received.Lost.IsCancellationRequested.ShouldBeFalse();
        await received.CompleteAsync(Cancel);
        var state = await broker.StateAsync(bus.Name);
        (state.Count, state.Delivered).ShouldBe((0, 1));
    }

    [Theory]
    [InlineData("drop")]
    [InlineData("idle")]
    [InlineData("detach")]
    [InlineData("restart")]
    public async Task A_job_is_sent_whatever_broke_since_the_last_one(string how)
    {
        await bus.Queue.SendAsync(Job(1), Life, Cancel);
        await BreakAsync(how);
        await bus.Queue.SendAsync(Job(2), Life, Cancel);
        (await broker.StateAsync(bus.Name)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Sixty_jobs_survive_a_broker_that_restarts_in_the_midst_of_them()
    {
        const int Jobs = 60;
        var done = new HashSet<int>();
        var working = Task.Run(async () =>
        {
            while (done.Count < Jobs)
            {
                await using var received = await ReceiveAsync();
                await received.CompleteAsync(Cancel);
                done.Add(received.Job.ShouldNotBeNull().Attempt);
            }
        }, Cancel);
        var restarting = Task.Run(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                await broker.RestartAsync(Short);
                await Task.Delay(Short, Cancel);
            }
        }, Cancel);
        for (var n = 0; n < Jobs; n++)
        {
            await bus.Queue.SendAsync(Job(n), Life, Cancel);
        }

        await restarting;
        await working.WaitAsync(Patience, Cancel);
        done.Count.ShouldBe(Jobs);
        (await broker.BecomesAsync(bus.Name, q => q.Count == 0)).Sent.ShouldBe(Jobs);
    }

    [Fact]
    public async Task A_broker_that_is_down_at_the_start_is_waited_for_and_told_about_once()
    {
        await broker.DoAsync("stop");
        const string Expected = "Service Bus localhost does not answer: Connection refused. It is tried again.";
        var waiting = ReceiveAsync();
        await bus.Log.SaysAsync(Expected);
        (await bus.CheckAsync()).ShouldBe(Expected);

        await broker.DoAsync("start");
        await bus.Queue.SendAsync(Job(1), Life, Cancel);
        await using var received = await waiting;
        received.Job.ShouldBe(Job(1));
        await bus.Log.SaysAsync("Service Bus localhost answers again.");
        bus.Log.Lines.Count(l => l.Contains(Expected, StringComparison.Ordinal)).ShouldBe(1);
        (await bus.CheckAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task A_job_that_cannot_be_sent_fails_with_a_sentence_when_patience_ends()
    {
        await broker.DoAsync("stop");
        await using var brief = ConnectWith(o => o.RetryOptions = new() { MaxRetries = 2, Delay = TimeSpan.FromMilliseconds(100) });
        var begun = TimeProvider.System.GetTimestamp();
        (await Should.ThrowAsync<IOException>(() => brief.Queue.SendAsync(Job(1), Life, Cancel))).Message.ShouldBe(
            "Service Bus localhost does not answer: Connection refused. It is tried again.");
        // Two pauses, each longer than the one before.
        TimeProvider.System.GetElapsedTime(begun).TotalSeconds.ShouldBeGreaterThan(0.4);
    }

    [Fact]
    public async Task Locks_that_a_restart_lost_are_found_to_be_lost_and_the_job_comes_again()
    {
        await bus.Queue.SendAsync(Job(1), Life, Cancel);
        await using var received = await ReceiveAsync();
        await broker.DoAsync("stop");
        await broker.DoAsync("loseLocks", new() { ["name"] = bus.Name });
        await broker.DoAsync("start");
        await received.CompleteAsync(Cancel);
        await using var again = await ReceiveAsync();
        (again.Job, again.Deliveries).ShouldBe((Job(1), 2));
    }

    [Fact]
    public async Task An_end_that_is_silent_is_left_for_a_new_connection()
    {
        await using var brief = ConnectWith(o =>
        {
            o.ConnectionIdleTimeout = TimeSpan.FromSeconds(2);
            o.RetryOptions = new() { MaxRetries = 0, TryTimeout = TimeSpan.FromSeconds(1) };
        });
        await brief.Queue.SendAsync(Job(1), Life, Cancel);
        await broker.DoAsync("silence");
        await Should.ThrowAsync<IOException>(() => brief.Queue.SendAsync(Job(2), Life, Cancel).WaitAsync(Patience, Cancel));
        brief.Log.Text.ShouldContain("Service Bus localhost does not answer: it took too long.");
        while (!await SentAsync(brief))
        {
            await Task.Delay(Short, Cancel);
        }

        (await broker.StateAsync(bus.Name)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_wrong_key_is_told_and_never_printed()
    {
        await broker.SetRightsAsync();
        var sentence = (await bus.CheckAsync()).ShouldNotBeNull();
        sentence.ShouldStartWith($"Service Bus localhost refuses the key of Queue__ConnectionString for the queue {bus.Name}: it is wrong, or lacks the right to send or to listen.");
        (await Should.ThrowAsync<IOException>(() => bus.Queue.SendAsync(Job(1), Life, Cancel))).Message.ShouldBe(sentence);
        var waiting = ReceiveAsync();
        await bus.Log.SaysAsync(sentence);
        bus.Log.Text.ShouldNotContain(broker.JwtKey);

        await broker.SetRightsAsync("Send", "Listen");
        await bus.Queue.SendAsync(Job(1), Life, Cancel);
        await using var received = await waiting;
        received.Job.ShouldBe(Job(1));
    }

    [Fact]
    public async Task Who_may_send_but_not_look_can_send_and_is_told_what_is_missing()
    {
        await broker.SetRightsAsync("Send");
        await bus.Queue.SendAsync(Job(1), Life, Cancel);
        (await bus.Queue.DepthAsync(1000, Cancel)).ShouldBe(0);
        (await bus.CheckAsync()).ShouldNotBeNull().ShouldContain("lacks the right to send or to listen");
        (await broker.StateAsync(bus.Name)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_queue_that_is_missing_is_named_and_used_once_it_is_there()
    {
        await broker.DoAsync("remove", new() { ["name"] = $"{bus.Name}-fill" });
        var expected = $"Service Bus localhost has no queue {bus.Name}-fill: make it, as the deployment template does, or set Queue__Name.";
        (await bus.CheckAsync()).ShouldBe(expected);
        var waiting = ReceiveAsync();
        await bus.Log.SaysAsync(expected);
        await broker.DoAsync("queue", new() { ["name"] = $"{bus.Name}-fill" });
        await bus.Queue.SendAsync(Job(1) with { Priority = JobPriority.Filling }, Life, Cancel);
        await using var received = await waiting;
        (await bus.CheckAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Deliveries_that_cannot_be_settled_are_not_asked_for_in_a_hurry()
    {
        await broker.DoAsync("lock", new() { ["name"] = bus.Name, ["seconds"] = 0.05 });
        await broker.DoAsync("shortTags", new() { ["on"] = true });
        await bus.Queue.SendAsync(Job(1), Life, Cancel);
        var waiting = ReceiveAsync();
        await bus.Log.SaysAsync("came without a lock token");
        await Task.Delay(TimeSpan.FromSeconds(2), Cancel);
        (await broker.StateAsync(bus.Name)).Delivered.ShouldBeLessThan(10);
        await broker.DoAsync("lock", new() { ["name"] = bus.Name, ["seconds"] = 30 });
        await broker.DoAsync("shortTags", new() { ["on"] = false });
        await using var received = await waiting;
        received.Job.ShouldBe(Job(1));
    }

    private static async Task<bool> SentAsync(ServiceBusHost bus)
    {
        try
        {
            await bus.Queue.SendAsync(Job(2), Life, Cancel).WaitAsync(Patience, Cancel);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private ServiceBusHost ConnectWith(Action<ServiceBusClientOptions> options) => ServiceBusHost.Connect(
        broker, bus.Name, services => services.Configure(options), ("Queue:ConnectionString", broker.ConnectionString));

    private async Task BreakAsync(string how)
    {
        if (how == "restart")
        {
            await broker.RestartAsync(Short);
            return;
        }

        await broker.DoAsync(how, new() { ["name"] = bus.Name });
    }

    private Task<IReceivedJob> ReceiveAsync() => bus.Queue.ReceiveAsync(Cancel).WaitAsync(Patience, Cancel);

    private static EncodeJob Job(int attempt) => new(EncodeJob.CurrentVersion, "8a5da4814e1f6258", "1jdtcq1c8abcdefg", attempt);
}
