using HlsCache.Core.Jobs;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>What one worker of an encoder waits at: both queues, the urgent one first.</summary>
internal sealed class Lane(ServiceBusClient client, QueueOptions options, Inbox urgent, Inbox filling)
{
    public bool IsClosed => urgent.IsClosed || filling.IsClosed;

    public static async Task<Lane> OpenAsync(ServiceBusClient client, QueueOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var urgent = await Inbox.OpenAsync(client, options.NameOf(JobPriority.Urgent), time, cancellationToken);
        try
        {
            return new(client, options, urgent, await Inbox.OpenAsync(client, options.NameOf(JobPriority.Filling), time, cancellationToken));
        }
        catch
        {
            urgent.Close();
            throw;
        }
    }

    /// <summary>Waits for a message of either queue; of the urgent one while it has any.</summary>
    public async Task<(string Queue, Arrival Arrival)> NextAsync(CancellationToken cancellationToken)
    {
        var urgentWork = urgent.NextAsync();
        Task<Arrival>? otherWork = null;
        var taken = false;
        try
        {
            // When this answer is back, so is what waited in that queue.
            await PeekAsync(cancellationToken);
            if (!urgentWork.IsCompleted)
            {
                otherWork = filling.NextAsync();
                await Task.WhenAny(urgentWork, otherWork).WaitAsync(cancellationToken);
            }

            var priority = urgentWork.IsCompleted ? JobPriority.Urgent : JobPriority.Filling;
            var arrival = await (priority == JobPriority.Urgent ? urgentWork : otherWork!);
            taken = true;
            return (options.NameOf(priority), arrival);
        }
        finally
        {
            urgent.GiveUp(taken && urgentWork.IsCompleted ? null : urgentWork);
            filling.GiveUp(taken && !urgentWork.IsCompleted ? null : otherWork);
        }
    }

    /// <summary>Returns when no message can be on its way to us any more.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        urgent.GiveUp(null);
        filling.GiveUp(null);
        await PeekAsync(cancellationToken);
        Close();
    }

    public void Close()
    {
        urgent.Close();
        filling.Close();
    }

    private Task<List<long>> PeekAsync(CancellationToken cancellationToken) =>
        Peeking.PeekAsync(client, options.NameOf(JobPriority.Urgent), from: 0, count: 1, cancellationToken);
}
