namespace HlsCache.Core.Lifecycle;

/// <summary>Makes what must exist before the first play, and tells whether it answers.</summary>
public interface IStorageSetup
{
    /// <summary>Makes what is missing; harmless when all is there.</summary>
    /// <remarks>When the account is in use by another deployment, this fails as for a setting that is wrong.</remarks>
    Task RunAsync(CancellationToken cancellationToken);

    /// <summary>What does not answer, each as a sentence; nothing when all is well.</summary>
    IAsyncEnumerable<string> CheckAsync(CancellationToken cancellationToken);
}
