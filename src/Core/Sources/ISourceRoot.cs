using HlsCache.Core.Keys;

namespace HlsCache.Core.Sources;

/// <summary>A configured place that holds films.</summary>
public interface ISourceRoot
{
    /// <summary>The first segment of its films' paths.</summary>
    string Name { get; }

    /// <summary>The film, or null when there is no such file within the root.</summary>
    /// <exception cref="SourceUnavailableException">The root did not answer.</exception>
    Task<SourceFile?> FindAsync(SourcePath path, CancellationToken cancellationToken);

    /// <summary>Films whose path begins with <paramref name="prefix"/> and sorts after <paramref name="after"/> (null: all), in ordinal order.</summary>
    IAsyncEnumerable<SourceFile> ListAsync(string prefix, string? after, CancellationToken cancellationToken);

    /// <summary>Why its films cannot be read now, as a sentence for the operator; null when they can.</summary>
    Task<string?> CheckAsync(CancellationToken cancellationToken);
}
