using HlsCache.Core.Entries;
using HlsCache.Core.Segments;

namespace HlsCache.Testing.InMemory;

/// <summary>Passes everything on; a test overrides what it wants to see, hold up or fail.</summary>
public abstract class DelegatingSegmentStore(ISegmentStore inner) : ISegmentStore
{
    public virtual Task CreateAsync(GenerationId id, CancellationToken cancellationToken) => inner.CreateAsync(id, cancellationToken);

    public virtual Task<PutResult> PutAsync(GenerationId id, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        inner.PutAsync(id, name, content, cancellationToken);

    public virtual Task<byte[]?> ReadAsync(GenerationId id, string name, CancellationToken cancellationToken) => inner.ReadAsync(id, name, cancellationToken);

    public virtual Task<long?> SizeAsync(GenerationId id, string name, CancellationToken cancellationToken) => inner.SizeAsync(id, name, cancellationToken);

    public virtual IAsyncEnumerable<StoredBlob> ListAsync(GenerationId id, CancellationToken cancellationToken) => inner.ListAsync(id, cancellationToken);

    public virtual Task<PutResult> CopyAsync(GenerationId from, GenerationId to, string name, CancellationToken cancellationToken) =>
        inner.CopyAsync(from, to, name, cancellationToken);

    public virtual IAsyncEnumerable<GenerationId> GenerationsAsync(CancellationToken cancellationToken) => inner.GenerationsAsync(cancellationToken);

    public virtual Task DeleteAsync(GenerationId id, CancellationToken cancellationToken) => inner.DeleteAsync(id, cancellationToken);
}
