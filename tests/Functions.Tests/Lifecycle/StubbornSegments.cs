using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Testing.InMemory;

namespace HlsCache.Functions.Tests.Lifecycle;

/// <summary>Blobs of which some containers refuse to be deleted.</summary>
internal sealed class StubbornSegments(ISegmentStore inner, Func<GenerationId, bool> refuses) : DelegatingSegmentStore(inner)
{
    public override Task DeleteAsync(GenerationId id, CancellationToken cancellationToken) =>
        refuses(id) ? throw new IOException("The service refuses.") : base.DeleteAsync(id, cancellationToken);
}
