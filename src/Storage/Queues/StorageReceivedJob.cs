using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using HlsCache.Core.Jobs;
using Microsoft.Extensions.Logging;

namespace HlsCache.Storage.Queues;

internal sealed class StorageReceivedJob : IReceivedJob
{
    // In the message's text: the service counts every delivery, also of what was handed back.
    private const string HandedBack = "handedBack";

    private readonly QueueClient queue;
    private readonly QueueClient poison;
    private readonly QueueMessage message;
    private readonly TimeSpan invisible;
    private readonly Renewal renewal;

    // Each change of the message gives a new receipt and voids the one before.
    private readonly SemaphoreSlim turn = new(1);
    private string receipt;

    public StorageReceivedJob(QueueClient queue, QueueClient poison, QueueMessage message, TimeSpan invisible, long asked, TimeProvider time, ILogger logger)
    {
        (this.queue, this.poison, this.message, this.invisible) = (queue, poison, message, invisible);
        receipt = message.PopReceipt;
        Job = EncodeJob.Read(message.Body);
        renewal = new($"message {message.MessageId}", token => TryChangeAsync(this.invisible, token), invisible, asked, time, logger);
    }

    public EncodeJob? Job { get; }

    public long Deliveries => message.DequeueCount - (Job is null ? 0 : Text()[HandedBack]?.GetValue<long>() ?? 0);

    public CancellationToken Lost => renewal.Lost;

    public Task CompleteAsync(CancellationToken cancellationToken) => SettleAsync(
        () => queue.DeleteMessageAsync(message.MessageId, receipt, cancellationToken), cancellationToken);

    public Task AbandonAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        var text = message.Body;
        if (Job is not null)
        {
            var noted = Text();
            noted[HandedBack] = message.DequeueCount - Deliveries + 1;
            text = BinaryData.FromString(noted.ToJsonString());
        }

        return SettleAsync(() => queue.UpdateMessageAsync(message.MessageId, receipt, text, delay, cancellationToken), cancellationToken);
    }

    public Task FailAsync(CancellationToken cancellationToken) => SettleAsync(
        () => queue.UpdateMessageAsync(message.MessageId, receipt, visibilityTimeout: TimeSpan.Zero, cancellationToken: cancellationToken), cancellationToken);

    public async Task DeadLetterAsync(string reason, string description, CancellationToken cancellationToken)
    {
        // Sent before the original goes: rather twice than not at all.
        var letter = JsonSerializer.Serialize(new DeadLetter(reason, description, message.Body.ToString()), DeadLetterJson.Default.DeadLetter);
        await poison.SendMessageAsync(letter, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: cancellationToken);
        await CompleteAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await renewal.DisposeAsync();
        turn.Dispose();
    }

    private async Task SettleAsync(Func<Task> settle, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await settle();
        }
        catch (RequestFailedException e) when (e.IsMissing() || e.Status == 400)
        {
            // The receipt is void: the message went on to another encoder, which will see that the work is done.
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<bool> TryChangeAsync(TimeSpan visibility, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            var update = await queue.UpdateMessageAsync(message.MessageId, receipt, visibilityTimeout: visibility, cancellationToken: cancellationToken);
            receipt = update.Value.PopReceipt;
            return true;
        }
        catch (RequestFailedException e) when (e.IsMissing() || e.Status == 400)
        {
            return false;
        }
        finally
        {
            turn.Release();
        }
    }

    // Not the job's own members: what a newer version put there must stay.
    private JsonObject Text() => JsonNode.Parse(message.Body)!.AsObject();
}
