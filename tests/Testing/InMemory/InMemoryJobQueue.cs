using System.Text;
using HlsCache.Core.Jobs;

namespace HlsCache.Testing.InMemory;

/// <summary>A queue as the cloud's: messages are text, taken ones become invisible, unsettled ones come back.</summary>
public sealed class InMemoryJobQueue(TimeProvider time) : IJobQueue
{
    public static readonly TimeSpan Visibility = TimeSpan.FromSeconds(60);

    private readonly Lock gate = new();
    private readonly List<InMemoryMessage> messages = [];
    private readonly List<EncodeJob> sent = [];
    private readonly List<DeadLetter> deadLetters = [];
    private TaskCompletionSource changed = New();

    /// <summary>Runs when a message was taken, before its taker has it.</summary>
    public Action Taken { get; set; } = () => { };

    /// <summary>Every job ever sent.</summary>
    public IReadOnlyList<EncodeJob> Sent => Under(() => sent.ToArray());

    /// <summary>How many messages are neither settled nor past their time to live, visible or not.</summary>
    public int Count => Under(() => messages.Count(m => m.Dies > time.GetUtcNow()));

    public IReadOnlyList<DeadLetter> DeadLetters => Under(() => deadLetters.ToArray());

    public Task SendAsync(EncodeJob job, TimeSpan timeToLive, CancellationToken cancellationToken)
    {
        Under(() => sent.Add(job));
        Send(Encoding.UTF8.GetString(EncodeJob.Write(job)), job.Priority, timeToLive);
        return Task.CompletedTask;
    }

    /// <summary>Sends what may not be a job at all.</summary>
    public void SendText(string text, TimeSpan timeToLive) => Send(text, JobPriority.Urgent, timeToLive);

    public async Task<IReceivedJob> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (wake, wait) = Under(() => (changed.Task, NextVisible() - time.GetUtcNow()));
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var delay = Task.Delay(wait is { } w ? (w > TimeSpan.Zero ? w : TimeSpan.Zero) : Timeout.InfiniteTimeSpan, time, waiting.Token);
            // Looked for only now that the alarm is set: a clock that moved on in between must not be missed.
            if (Under(Take) is { } received)
            {
                await waiting.CancelAsync();
                Taken();
                return received;
            }

            await Task.WhenAny(wake, delay);
            await waiting.CancelAsync();
        }
    }

    public Task<int> DepthAsync(int enough, CancellationToken cancellationToken) => Task.FromResult(Count);

    /// <summary>All messages taken and not settled are lost to their holders and visible to others at once.</summary>
    public void LoseHeld()
    {
        foreach (var holder in Under(() => messages.Select(m => m.Holder).OfType<InMemoryReceivedJob>().ToArray()))
        {
            Settle(holder, m => m.Visible = time.GetUtcNow());
            holder.Lose();
        }
    }

    /// <summary>Ends the holder's hold on its message, if it still has one.</summary>
    internal bool Settle(InMemoryReceivedJob holder, Action<InMemoryMessage> settle) => Under(() =>
    {
        if (messages.Find(m => m.Holder == holder) is not { } message)
        {
            return false;
        }

        message.Holder = null;
        settle(message);
        Signal();
        return true;
    });

    internal void Reappear(InMemoryMessage message, TimeSpan delay) => message.Visible = time.GetUtcNow() + delay;

    internal void Remove(InMemoryMessage message) => messages.Remove(message);

    internal void Bury(InMemoryMessage message, DeadLetter letter)
    {
        messages.Remove(message);
        deadLetters.Add(letter);
    }

    private void Send(string text, JobPriority priority, TimeSpan timeToLive) => Under(() =>
    {
        var now = time.GetUtcNow();
        messages.Add(new(text, priority) { Visible = now, Dies = now + timeToLive });
        Signal();
    });

    private DateTimeOffset? NextVisible() => messages.Where(m => m.Holder is null).Min(m => (DateTimeOffset?)m.Visible);

    private InMemoryReceivedJob? Take()
    {
        var now = time.GetUtcNow();
        messages.RemoveAll(m => m.Dies <= now && m.Holder is null);
        if (messages.Where(m => m.Holder is null && m.Visible <= now).MinBy(m => (m.Priority, m.Visible)) is not { } message)
        {
            return null;
        }

        message.Deliveries++;
        return message.Holder = new(this, message.Text, message.Deliveries);
    }

    private void Signal()
    {
        changed.SetResult();
        changed = New();
    }

    private void Under(Action action) => Under(() =>
    {
        action();
        return true;
    });

    private T Under<T>(Func<T> action)
    {
        lock (gate)
        {
            return action();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
