using HlsCache.Core.Entries;
using HlsCache.Core.Segments;

namespace HlsCache.Functions.Tests.Lifecycle;

/// <summary>Blobs of which some containers refuse to be deleted.</summary>
internal sealed class StubbornSegments(ISegmentStore inner, Func<GenerationId, bool> refuses) : ISegmentStore
{
    public Task CreateAsync(GenerationId id, CancellationToken cancellationToken) => inner.CreateAsync(id, cancellationToken);

    public Task<PutResult> PutAsync(GenerationId id, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        inner.PutAsync(id, name, content, cancellationToken);

    public Task<byte[]?> ReadAsync(GenerationId id, string name, CancellationToken cancellationToken) => inner.ReadAsync(id, name, cancellationToken);

    public Task<long?> SizeAsync(GenerationId id, string name, CancellationToken cancellationToken) => inner.SizeAsync(id, name, cancellationToken);

    public IAsyncEnumerable<StoredBlob> ListAsync(GenerationId id, CancellationToken cancellationToken) => inner.ListAsync(id, cancellationToken);

    public Task<PutResult> CopyAsync(GenerationId from, GenerationId to, string name, CancellationToken cancellationToken) =>
        inner.CopyAsync(from, to, name, cancellationToken);

    public IAsyncEnumerable<GenerationId> GenerationsAsync(CancellationToken cancellationToken) => inner.GenerationsAsync(cancellationToken);

    public Task DeleteAsync(GenerationId id, CancellationToken cancellationToken) =>
        refuses(id) ? throw new IOException("The service refuses.") : inner.DeleteAsync(id, cancellationToken);
}
