using System.Runtime.CompilerServices;
using HlsCache.Core.Keys;

namespace HlsCache.Core.Sources;

/// <summary>All configured roots.</summary>
public sealed class SourceCatalog(IEnumerable<ISourceRoot> roots)
{
    private readonly Dictionary<string, ISourceRoot> roots = roots.ToDictionary(r => r.Name, StringComparer.Ordinal);

    /// <summary>The film, or null: an unknown root and an unknown file look the same.</summary>
    public Task<SourceFile?> FindAsync(SourcePath path, CancellationToken cancellationToken) =>
        roots.TryGetValue(path.Root, out var root) ? root.FindAsync(path, cancellationToken) : Task.FromResult<SourceFile?>(null);

    /// <summary>Films of all roots whose path begins with <paramref name="prefix"/> and sorts after <paramref name="after"/>, in ordinal order.</summary>
    public async IAsyncEnumerable<SourceFile> ListAsync(string prefix, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Roots sort with their slash ("/media-2/" before "/media/"), so that the order is that of whole paths and `after` can be a bookmark.
        foreach (var (own, root) in roots.Values.Select(r => (Path: $"/{r.Name}/", Root: r)).OrderBy(r => r.Path, StringComparer.Ordinal))
        {
            if (!own.StartsWith(prefix, StringComparison.Ordinal) && !prefix.StartsWith(own, StringComparison.Ordinal))
            {
                continue;
            }

            await foreach (var file in root.ListAsync(prefix, after, cancellationToken))
            {
                yield return file;
            }
        }
    }

    /// <summary>What cannot be read now, each as a sentence for the operator; nothing when all is well.</summary>
    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(roots.Values.Select(root => root.CheckAsync(cancellationToken)))).OfType<string>()];
}
