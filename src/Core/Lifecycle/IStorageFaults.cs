namespace HlsCache.Core.Lifecycle;

/// <summary>Tells faults of storage, which may pass, from faults of this program.</summary>
public interface IStorageFaults
{
    /// <summary>
    /// What happened and what to do, where the exception says that storage did not answer, failed or did not let this program in; null for any other.
    /// The end of a sentence, on one line, without a signature or a token.
    /// </summary>
    string? Explain(Exception exception);

    /// <summary>How long storage asks to be left alone; null when it does not say.</summary>
    TimeSpan? RetryAfter(Exception exception);
}
