namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>How long to wait before the next try: twice as long each time, up to half a minute, and never quite the same.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(30);

    private int failures;

    public TimeSpan Next()
    {
        var whole = Math.Min(First.TotalSeconds * Math.Pow(2, Math.Min(Interlocked.Increment(ref failures) - 1, 16)), Most.TotalSeconds);
        // Encoders that lost the same service must not all come back in the same instant.
        return TimeSpan.FromSeconds(whole * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    /// <summary>To be called when something was done: the next failure is a new one.</summary>
    public void Reset() => Interlocked.Exchange(ref failures, 0);
}
