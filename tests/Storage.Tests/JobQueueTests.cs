using System.Text.Json;
using System.Threading.Channels;
using System.Xml.Linq;
using Azure.Core;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using HlsCache.Core.Jobs;
using HlsCache.Testing.Azurite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace HlsCache.Storage.Tests;

/// <summary>Jobs on a real Storage queue, with renewals on a clock of the test's own.</summary>
public sealed class JobQueueTests : IAsyncDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly EncodeJob Job = new(EncodeJob.CurrentVersion, "8a5da4814e1f6258", "1jdtcq1c8abcdefg", 1);

    private readonly FakeTimeProvider time = new();
    private readonly Channel<string> renewals = Channel.CreateUnbounded<string>();
    private readonly StorageHost storage;
    private string receipt = "";
    private Action taken = () => { };

    public JobQueueTests(AzuriteFixture azurite)
    {
        var account = azurite.Server.NewAccount();
        var options = new QueueClientOptions();
        options.AddPolicy(new RequestPolicy(Note), HttpPipelinePosition.PerRetry);
        storage = new(account, services => services.AddSingleton<TimeProvider>(time).AddSingleton(new QueueServiceClient(account, options)));
    }

    [Fact]
    public async Task A_message_is_json_that_any_client_can_read()
    {
        var queue = await storage.SetUpAsync<IJobQueue>();
        await queue.SendAsync(Job with { End = 40 }, Life, Cancel);
        (await PeekAsync(Queue)).ShouldHaveSingleItem().MessageText
            .ShouldBe("""{"version":1,"key":"8a5da4814e1f6258","generation":"1jdtcq1c8abcdefg","attempt":1,"first":0,"end":40}""");
    }

    [Fact]
    public async Task A_message_lives_as_long_as_its_sender_says()
    {
        var queue = await storage.SetUpAsync<IJobQueue>();
        await queue.SendAsync(Job, TimeSpan.FromHours(2), Cancel);
        var message = (await PeekAsync(Queue)).ShouldHaveSingleItem();
        (message.ExpiresOn - message.InsertedOn).ShouldBe(TimeSpan.FromHours(2));
    }

    [Fact]
    public async Task A_message_whose_time_is_over_is_given_to_nobody()
    {
        var queue = await storage.SetUpAsync<IJobQueue>();
        await queue.SendAsync(Job, TimeSpan.FromSeconds(1), Cancel);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Patience);
        while ((await PeekAsync(Queue)).Length > 0)
        {
            await Task.Delay(50, limit.Token);
        }

        (await ReceiveRawAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_held_message_is_invisible_to_every_client()
    {
        var queue = await storage.SetUpAsync<IJobQueue>();
        await queue.SendAsync(Job, Life, Cancel);
        await using var held = await ReceiveAsync(queue);
        (await ReceiveRawAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_held_message_is_renewed_and_settled_with_its_latest_receipt()
    {
        var queue = await storage.SetUpAsync<IJobQueue>();
        await queue.SendAsync(Job, Life, Cancel);
        await using var held = await ReceiveAsync(queue);
        for (var i = 0; i < 3; i++)
        {
            time.Advance(Period);
            (await renewals.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Patience, Cancel)).ShouldBe("60");
        }

        await held.CompleteAsync(Cancel);
        held.Lost.IsCancellationRequested.ShouldBeFalse();
        (await CountAsync(Queue)).ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_was_taken_away_is_lost()
    {
        var queue = await storage.SetUpAsync<IJobQueue>();
        await queue.SendAsync(Job, Life, Cancel);
        await using var held = await ReceiveAsync(queue);
        await Queue.ClearMessagesAsync(Cancel);
        time.Advance(Period);
        var lost = new TaskCompletionSource();
        await using var _ = held.Lost.Register(lost.SetResult);
        await lost.Task.WaitAsync(Patience, Cancel);
        await Should.NotThrowAsync(() => held.CompleteAsync(Cancel));
    }

    [Fact]
    public async Task A_void_receipt_settles_nothing_and_is_no_error()
    {
        var queue = await storage.SetUpAsync<IJobQueue>();
        await queue.SendAsync(Job, Life, Cancel);
        await using var first = await ReceiveAsync(queue);
        await GiveToNextAsync();
        await using var second = await ReceiveAsync(queue);
        second.Deliveries.ShouldBe(2);

        await Should.NotThrowAsync(() => first.CompleteAsync(Cancel));
        await Should.NotThrowAsync(() => first.AbandonAsync(TimeSpan.Zero, Cancel));
        (await ReceiveRawAsync()).ShouldBeEmpty();
        (await CountAsync(Queue)).ShouldBe(1);
        await second.CompleteAsync(Cancel);
        (await CountAsync(Queue)).ShouldBe(0);
    }

    [Fact]
    public async Task A_holder_whose_message_went_on_loses_it_at_the_next_renewal()
    {
        var queue = await storage.SetUpAsync<IJobQueue>();
        await queue.SendAsync(Job, Life, Cancel);
        await using var first = await ReceiveAsync(queue);
        await GiveToNextAsync();
        var lost = new TaskCompletionSource();
        await using var _ = first.Lost.Register(lost.SetResult);
        time.Advance(Period);
        await lost.Task.WaitAsync(Patience, Cancel);
        // Still there for the next one.
        await using var second = await ReceiveAsync(queue);
        second.Job.ShouldBe(Job);
    }

    [Fact]
    public async Task A_message_moved_aside_is_kept_for_good_and_says_why()
    {
        var queue = await storage.SetUpAsync<IJobQueue>();
        await queue.SendAsync(Job, Life, Cancel);
        await using var held = await ReceiveAsync(queue);
        await held.DeadLetterAsync("Unreadable", "moov „atom“ not found", Cancel);

        var letter = (await PeekAsync(Poison)).ShouldHaveSingleItem();
        letter.ExpiresOn.ShouldNotBeNull().Year.ShouldBe(9999);
        using var json = JsonDocument.Parse(letter.MessageText);
        json.RootElement.GetProperty("reason").GetString().ShouldBe("Unreadable");
        json.RootElement.GetProperty("description").GetString().ShouldBe("moov „atom“ not found");
        json.RootElement.GetProperty("message").GetString().ShouldNotBeNull().ShouldContain("8a5da4814e1f6258");
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("<job>&amp;</job>")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"version":"one"}""")]
    public async Task A_message_that_cannot_be_read_arrives_without_a_job_and_can_be_moved_aside(string text)
    {
        var queue = await storage.SetUpAsync<IJobQueue>();
        await Queue.SendMessageAsync(text, Cancel);
        await using var received = await ReceiveAsync(queue);
        received.Job.ShouldBeNull();
        await received.DeadLetterAsync("Malformed", "", Cancel);
        using var json = JsonDocument.Parse((await PeekAsync(Poison)).ShouldHaveSingleItem().MessageText);
        json.RootElement.GetProperty("message").GetString().ShouldBe(text);
        (await CountAsync(Queue)).ShouldBe(0);
    }

    [Fact]
    public async Task A_message_that_names_no_generation_has_no_id()
    {
        var queue = await storage.SetUpAsync<IJobQueue>();
        await Queue.SendMessageAsync("{}", Cancel);
        await using var received = await ReceiveAsync(queue);
        received.Job?.Id().ShouldBeNull();
    }

    [Fact]
    public async Task A_message_that_was_taken_as_nobody_waited_any_more_is_there_for_the_next_at_once()
    {
        var queue = await storage.SetUpAsync<IJobQueue>();
        await queue.SendAsync(Job, Life, Cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        taken = stop.Cancel;
        await Should.ThrowAsync<OperationCanceledException>(() => queue.ReceiveAsync(stop.Token).WaitAsync(Patience, Cancel));
        taken = () => { };
        // The clock stands still, so that no invisibility ends.
        await using var received = await ReceiveAsync(queue);
        (received.Job, received.Deliveries).ShouldBe((Job, 1));
    }

    [Fact]
    public async Task A_message_handed_back_keeps_what_a_newer_version_put_there()
    {
        var queue = await storage.SetUpAsync<IJobQueue>();
        await Queue.SendMessageAsync("""{"version":7,"key":{"of":[1]},"novelty":true}""", Cancel);
        await using (var received = await ReceiveAsync(queue))
        {
            await received.AbandonAsync(TimeSpan.Zero, Cancel);
        }

        (await PeekAsync(Queue)).ShouldHaveSingleItem().MessageText.ShouldBe("""{"version":7,"key":{"of":[1]},"novelty":true,"handedBack":1}""");
    }

    [Fact]
    public async Task Work_that_can_wait_is_in_a_queue_of_its_own()
    {
        var queue = await storage.SetUpAsync<IJobQueue>();
        await queue.SendAsync(Job with { Priority = JobPriority.Filling }, Life, Cancel);
        (await PeekAsync(storage.Get<QueueServiceClient>().GetQueueClient("encode-jobs-fill"))).ShouldHaveSingleItem();
        (await PeekAsync(Queue)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Disposing_twice_is_no_error()
    {
        var queue = await storage.SetUpAsync<IJobQueue>();
        await queue.SendAsync(Job, Life, Cancel);
        var held = await ReceiveAsync(queue);
        await held.DisposeAsync();
        await Should.NotThrowAsync(() => held.DisposeAsync().AsTask());
    }

    public ValueTask DisposeAsync() => storage.DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private QueueClient Queue => storage.Get<QueueServiceClient>().GetQueueClient("encode-jobs");

    private QueueClient Poison => storage.Get<QueueServiceClient>().GetQueueClient("encode-jobs-poison");

    private static async Task<PeekedMessage[]> PeekAsync(QueueClient client) => (await client.PeekMessagesAsync(32, Cancel)).Value;

    private static async Task<int> CountAsync(QueueClient client) => (await client.GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount;

    private static Task<IReceivedJob> ReceiveAsync(IJobQueue queue) => queue.ReceiveAsync(Cancel).WaitAsync(Patience, Cancel);

    private async Task<QueueMessage[]> ReceiveRawAsync() => (await Queue.ReceiveMessagesAsync(32, cancellationToken: Cancel)).Value;

    /// <summary>Makes the message visible again, as the end of its invisibility would, and its holder's receipt void.</summary>
    private async Task GiveToNextAsync()
    {
        var (id, current) = receipt.Split(' ') is [var a, var b] ? (a, b) : throw new InvalidOperationException("Nothing was received.");
        await Queue.UpdateMessageAsync(id, current, visibilityTimeout: TimeSpan.Zero, cancellationToken: Cancel);
    }

    private void Note(HttpMessage message)
    {
        var uri = message.Request.Uri.ToUri();
        if (message.Request.Method == RequestMethod.Get && uri.AbsolutePath.EndsWith("/messages", StringComparison.Ordinal)
            && XDocument.Parse(message.Response.Content.ToString()).Descendants("QueueMessage").FirstOrDefault() is { } received
            && received.Element("PopReceipt") is { } pop)
        {
            receipt = $"{received.Element("MessageId")!.Value} {pop.Value}";
            taken();
        }
        else if (message.Request.Method == RequestMethod.Put && uri.Query.Contains("visibilitytimeout=60", StringComparison.Ordinal))
        {
            renewals.Writer.TryWrite("60");
        }
    }
}
