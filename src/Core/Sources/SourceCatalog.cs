using System.Runtime.CompilerServices;
using HlsCache.Core.Keys;

namespace HlsCache.Core.Sources;

/// <summary>All configured roots.</summary>
public sealed class SourceCatalog(IEnumerable<ISourceRoot> roots)
{
    private readonly SortedDictionary<string, ISourceRoot> roots = new(roots.ToDictionary(r => r.Name, StringComparer.Ordinal), StringComparer.Ordinal);

    /// <summary>The film, or null: an unknown root and an unknown file look the same.</summary>
    public Task<SourceFile?> FindAsync(SourcePath path, CancellationToken cancellationToken) =>
        roots.TryGetValue(path.Root, out var root) ? root.FindAsync(path, cancellationToken) : Task.FromResult<SourceFile?>(null);

    /// <summary>Films of all roots whose path begins with <paramref name="prefix"/> and sorts after <paramref name="after"/>, in ordinal order of root, then path.</summary>
    public async IAsyncEnumerable<SourceFile> ListAsync(string prefix, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var root in roots.Values)
        {
            var own = $"/{root.Name}/";
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
}
