namespace HlsCache.Core.Jobs;

/// <summary>A job taken from the queue and not settled. Disposing it unsettled lets it reappear when its time is up.</summary>
public interface IReceivedJob : IAsyncDisposable
{
    /// <summary>The job, or null when the message could not be read.</summary>
    EncodeJob? Job { get; }

    /// <summary>How often it was delivered, from 1. One that was handed back does not count, one that failed or whose encoder died does.</summary>
    long Deliveries { get; }

    /// <summary>Fires when the message is no longer ours.</summary>
    CancellationToken Lost { get; }

    /// <summary>The work is done; the message goes.</summary>
    Task CompleteAsync(CancellationToken cancellationToken);

    /// <summary>Hands the message back, nobody being at fault, to be seen again after <paramref name="delay"/>; zero is at once.</summary>
    Task AbandonAsync(TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Hands the message back at once after a fault that nobody foresaw: the delivery counts.</summary>
    Task FailAsync(CancellationToken cancellationToken);

    /// <summary>Moves the message aside, with the reason, for a person to look at.</summary>
    Task DeadLetterAsync(string reason, string description, CancellationToken cancellationToken);
}
