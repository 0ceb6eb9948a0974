using HlsCache.Core.Jobs;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>What one worker of an encoder waits at: both queues, the urgent one first.</summary>
internal sealed class Lane(ServiceBusClient client, QueueOptions options, Inbox urgent, Inbox filling)
{
    public bool IsClosed => urgent.IsClosed || filling.IsClosed;

    public static async Task<Lane> OpenAsync(ServiceBusClient client, QueueOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var urgent = await Inbox.OpenAsync(client, options.NameOf(JobPriority.Urgent), time, cancellationToken);
        Inbox? filling = null;
        try
        {
            filling = await Inbox.OpenAsync(client, options.NameOf(JobPriority.Filling), time, cancellationToken);
            await Peeking.TouchAsync(client, options.NameOf(JobPriority.Filling), cancellationToken);
            return new(client, options, urgent, filling);
        }
        catch
        {
            urgent.Close();
            filling?.Close();
            throw;
        }
    }

    /// <summary>Waits for a message of either queue; of the urgent one while it has any.</summary>
    public async Task<(string Queue, Arrival Arrival)> NextAsync(CancellationToken cancellationToken)
    {
        var urgentWork = urgent.NextAsync();
        Task<Arrival>? otherWork = null;
        Task<Arrival>? taken = null;
        try
        {
            // When this answer is back, so is what waited in that queue.
            await TouchAsync(cancellationToken);
            if (!urgentWork.IsCompleted)
            {
                otherWork = filling.NextAsync();
                await Task.WhenAny(urgentWork, otherWork).WaitAsync(cancellationToken);
            }

            // Either may complete at any moment: looked at once.
            var chosen = urgentWork.IsCompleted ? urgentWork : otherWork!;
            var arrival = await chosen;
            taken = chosen;
            return (options.NameOf(chosen == urgentWork ? JobPriority.Urgent : JobPriority.Filling), arrival);
        }
        finally
        {
            urgent.GiveUp(taken == urgentWork ? null : urgentWork);
            filling.GiveUp(taken == otherWork ? null : otherWork);
        }
    }

    /// <summary>Returns when no message can be on its way to us any more.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        urgent.GiveUp(null);
        filling.GiveUp(null);
        await TouchAsync(cancellationToken);
        Close();
    }

    public void Close()
    {
        urgent.Close();
        filling.Close();
    }

    private Task TouchAsync(CancellationToken cancellationToken) => Peeking.TouchAsync(client, options.NameOf(JobPriority.Urgent), cancellationToken);
}
