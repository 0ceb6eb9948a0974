using System.Text;
using HlsCache.Core.Jobs;

namespace HlsCache.Testing.InMemory;

internal sealed class InMemoryReceivedJob(InMemoryJobQueue queue, string text, long deliveries) : IReceivedJob
{
    private readonly CancellationTokenSource lost = new();

    public EncodeJob? Job { get; } = EncodeJob.Read(Encoding.UTF8.GetBytes(text));

    public long Deliveries => deliveries;

    public CancellationToken Lost => lost.Token;

    public Task CompleteAsync(CancellationToken cancellationToken) => Settle(queue.Remove);

    public Task AbandonAsync(TimeSpan delay, CancellationToken cancellationToken) => Settle(m =>
    {
        m.Deliveries--;
        queue.Reappear(m, delay);
    });

    public Task FailAsync(CancellationToken cancellationToken) => Settle(m => queue.Reappear(m, TimeSpan.Zero));

    public Task DeadLetterAsync(string reason, string description, CancellationToken cancellationToken) =>
        Settle(m => queue.Bury(m, new(Job, reason, description)));

    public ValueTask DisposeAsync() => new(Settle(m => queue.Reappear(m, InMemoryJobQueue.Visibility)));

    public void Lose() => lost.Cancel();

    // Settling a message that is another's, or settled already, changes nothing.
    private Task Settle(Action<InMemoryMessage> settle)
    {
        queue.Settle(this, settle);
        return Task.CompletedTask;
    }
}
