using HlsCache.Core.Keys;

namespace HlsCache.Core.Sources;

/// <summary>A configured place that holds films.</summary>
public interface ISourceRoot
{
    /// <summary>The first segment of its films' paths.</summary>
    string Name { get; }

    /// <summary>The film, or null when there is no such file within the root.</summary>
    Task<SourceFile?> FindAsync(SourcePath path, CancellationToken cancellationToken);

    /// <summary>Films whose path begins with <paramref name="prefix"/> and sorts after <paramref name="after"/> (null: all), in ordinal order.</summary>
    IAsyncEnumerable<SourceFile> ListAsync(string prefix, string? after, CancellationToken cancellationToken);
}
