namespace HlsCache.Storage.Queues;

/// <summary>Makes what the queue of jobs needs, and tells whether it works.</summary>
public interface IQueueSetup
{
    /// <summary>Makes the queues where that is ours to do.</summary>
    Task RunAsync(CancellationToken cancellationToken);

    /// <summary>Null when all is well, else a sentence that says what is wrong and what to do.</summary>
    Task<string?> CheckAsync(CancellationToken cancellationToken);
}
