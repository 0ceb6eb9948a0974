namespace HlsCache.Core.Jobs;

/// <summary>Carries jobs to encoders at least once.</summary>
public interface IJobQueue
{
    /// <summary>Returns when the queue has taken the job; it is kept for <paramref name="timeToLive"/>. Its priority says how soon it is its turn.</summary>
    Task SendAsync(EncodeJob job, TimeSpan timeToLive, CancellationToken cancellationToken);

    /// <summary>Waits for a job, an urgent one where there is one. It stays invisible to others while the returned handle lives.</summary>
    Task<IReceivedJob> ReceiveAsync(CancellationToken cancellationToken);

    /// <summary>About how many jobs wait or are being worked on, of either priority; a queue need not count further than some thousands.</summary>
    /// <param name="enough">Counting may stop there: more than that is not told apart.</param>
    Task<int> DepthAsync(int enough, CancellationToken cancellationToken);
}
