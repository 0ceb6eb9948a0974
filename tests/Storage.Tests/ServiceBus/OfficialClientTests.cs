using System.Text.Json.Nodes;
using HlsCache.Core.Jobs;
using HlsCache.Testing.ServiceBus;

namespace HlsCache.Storage.Tests;

/// <summary>What we send the official client receives, and the other way round; and it finds the broker to be what it expects.</summary>
public sealed class OfficialClientTests(BrokerFixture fixture) : IAsyncLifetime
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    private const string Text = """{"version":1,"key":"8a5da4814e1f6258","generation":"1jdtcq1c8abcdefg","attempt":3,"first":0}""";
    private static readonly TimeSpan Life = TimeSpan.FromHours(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly EncodeJob Job = new(EncodeJob.CurrentVersion, "8a5da4814e1f6258", "1jdtcq1c8abcdefg", 3);

    private ServiceBusHost bus = null!;
    private OfficialClient official = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        bus = await ServiceBusHost.StartAsync(fixture.Broker, lockSeconds: 4);
        official = new(fixture.Broker);
    }

    public async ValueTask DisposeAsync()
    {
        await official.DisposeAsync();
        await bus.DisposeAsync();
    }

    [Fact]
    public async Task It_reads_the_job_that_we_send_its_id_its_life_and_its_trace()
    {
        await bus.Queue.SendAsync(Job with { TraceParent = Trace }, Life, Cancel);
        var message = await OfReceiveAsync();
        message["messageId"]!.GetValue<string>().ShouldBe("8a5da4814e1f6258-1jdtcq1c8abcdefg-3");
        message["contentType"]!.GetValue<string>().ShouldBe("application/json");
        message["deliveryCount"]!.GetValue<int>().ShouldBe(0);
        message["timeToLive"]!.GetValue<long>().ShouldBe((long)Life.TotalMilliseconds);
        message["applicationProperties"]!.ToJsonString().ShouldBe($$"""{"traceparent":"{{Trace}}","Diagnostic-Id":"{{Trace}}"}""");
        message["body"]!.ToJsonString().ShouldBe(
            $$"""{"version":1,"key":"8a5da4814e1f6258","generation":"1jdtcq1c8abcdefg","attempt":3,"first":0,"traceParent":"{{Trace}}"}""");
        await official.DoAsync("complete", Handle(message));
        (await StateAsync()).Count.ShouldBe(0);
    }

    [Fact]
    public async Task Work_that_can_wait_is_in_the_other_queue_and_says_so()
    {
        await bus.Queue.SendAsync(Job with { Priority = JobPriority.Filling }, Life, Cancel);
        var message = await OfReceiveAsync("-fill");
        message["body"]!["priority"]!.GetValue<string>().ShouldBe("Filling");
    }

    [Fact]
    public async Task We_read_the_job_that_it_sends_and_settle_it()
    {
        await SendAsync();
        await using var received = await ReceiveAsync();
        (received.Job, received.Deliveries).ShouldBe((Job, 1));
        await received.CompleteAsync(Cancel);
        (await official.DoAsync("receive", Queue(wait: 300)))["none"].ShouldNotBeNull();
    }

    [Fact]
    public async Task What_we_fail_it_gets_with_a_delivery_more_and_what_it_abandons_so_do_we()
    {
        await SendAsync();
        await using (var received = await ReceiveAsync())
        {
            await received.FailAsync(Cancel);
        }

        var message = await OfReceiveAsync();
        message["deliveryCount"]!.GetValue<int>().ShouldBe(1);
        await official.DoAsync("abandon", Handle(message));
        await using var again = await ReceiveAsync();
        again.Deliveries.ShouldBe(3);
    }

    [Fact]
    public async Task What_we_hand_back_it_gets_with_a_note_that_the_delivery_does_not_count()
    {
        await SendAsync();
        await using (var received = await ReceiveAsync())
        {
            await received.AbandonAsync(TimeSpan.Zero, Cancel);
        }

        var message = await OfReceiveAsync();
        (message["deliveryCount"]!.GetValue<int>(), message["applicationProperties"]!["handedBack"]!.GetValue<int>()).ShouldBe((1, 1));
        (await StateAsync()).Sent.ShouldBe(1);
    }

    [Fact]
    public async Task What_we_postpone_it_sees_scheduled_with_the_same_text_under_another_id()
    {
        await SendAsync();
        await using (var received = await ReceiveAsync())
        {
            await received.AbandonAsync(TimeSpan.FromHours(1), Cancel);
        }

        var peeked = (await official.DoAsync("peek", Queue()))["messages"]!.AsArray().ShouldHaveSingleItem()!;
        peeked["state"]!.GetValue<string>().ShouldBe("scheduled");
        peeked["body"]!.ToJsonString().ShouldBe(Text);
        peeked["messageId"]!.GetValue<string>().ShouldStartWith("theirs~");
        (await official.DoAsync("receive", Queue(wait: 300)))["none"].ShouldNotBeNull();
    }

    [Fact]
    public async Task What_we_move_aside_it_finds_among_the_dead_letters_with_the_reason()
    {
        await SendAsync();
        await using (var received = await ReceiveAsync())
        {
            await received.DeadLetterAsync("Unreadable", "moov „atom“ not found", Cancel);
        }

        var letter = await official.DoAsync("receive", new() { ["queue"] = bus.Name, ["deadLetters"] = true });
        letter["deadLetterReason"]!.GetValue<string>().ShouldBe("Unreadable");
        letter["deadLetterErrorDescription"]!.GetValue<string>().ShouldBe("moov „atom“ not found");
        letter["body"]!.ToJsonString().ShouldBe(Text);
        await official.DoAsync("complete", Handle(letter));
    }

    [Fact]
    public async Task It_renews_a_lock_as_long_as_it_has_it_and_learns_when_it_is_lost()
    {
        await SendAsync();
        var message = await OfReceiveAsync();
        var until = await official.DoAsync("renew", Handle(message));
        DateTimeOffset.Parse(until["until"]!.GetValue<string>(), null).ShouldBeGreaterThan(TimeProvider.System.GetUtcNow());
        await fixture.Broker.DoAsync("loseLocks", new() { ["name"] = bus.Name });
        await using var received = await ReceiveAsync();
        (await official.TryAsync("renew", Handle(message)))["error"]!.GetValue<string>().ShouldBe("MessageLockLost");
        await official.TryAsync("complete", Handle(message));
        await received.CompleteAsync(Cancel);
        (await StateAsync()).Count.ShouldBe(0);
    }

    [Fact]
    public async Task It_moves_a_message_aside_and_gets_it_from_there()
    {
        await SendAsync();
        await official.DoAsync("deadLetter", Handle(await OfReceiveAsync(), ("reason", "Theirs"), ("description", "by hand")));
        var letter = await official.DoAsync("receive", new() { ["queue"] = bus.Name, ["deadLetters"] = true });
        letter["deadLetterReason"]!.GetValue<string>().ShouldBe("Theirs");
        (await StateAsync()).Count.ShouldBe(0);
    }

    private Task<JsonObject> SendAsync() => official.DoAsync("send", new() { ["queue"] = bus.Name, ["id"] = "theirs", ["body"] = Text });

    private async Task<JsonObject> OfReceiveAsync(string suffix = "")
    {
        var message = await official.DoAsync("receive", new() { ["queue"] = bus.Name + suffix });
        message["none"].ShouldBeNull();
        return message;
    }

    private Task<IReceivedJob> ReceiveAsync() => bus.Queue.ReceiveAsync(Cancel).WaitAsync(Patience, Cancel);

    private Task<QueueState> StateAsync() => fixture.Broker.StateAsync(bus.Name);

    private JsonObject Queue(int wait = 10_000) => new() { ["queue"] = bus.Name, ["waitMs"] = wait };

    private static JsonObject Handle(JsonObject message, params (string Name, string Value)[] options)
    {
        var command = new JsonObject { ["handle"] = message["handle"]!.GetValue<int>() };
        foreach (var (name, value) in options)
        {
            command[name] = value;
        }

        return command;
    }
}
