using HlsCache.Core.Entries;

namespace HlsCache.Core.Segments;

/// <summary>The blobs of generations. A blob, once there, never changes.</summary>
public interface ISegmentStore
{
    /// <summary>Makes the generation's container, marked as this deployment's; one that exists is fine.</summary>
    Task CreateAsync(GenerationId id, CancellationToken cancellationToken);

    /// <summary>Uploads bytes, content type, cache headers and MD5 in one call, unless a blob of that name exists.</summary>
    Task<PutResult> PutAsync(GenerationId id, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The blob's bytes, or null when it does not exist.</summary>
    Task<byte[]?> ReadAsync(GenerationId id, string name, CancellationToken cancellationToken);

    /// <summary>The blob's size in bytes, or null when it does not exist.</summary>
    Task<long?> SizeAsync(GenerationId id, string name, CancellationToken cancellationToken);

    /// <summary>All blobs of the generation; none when its container does not exist.</summary>
    IAsyncEnumerable<StoredBlob> ListAsync(GenerationId id, CancellationToken cancellationToken);

    /// <summary>Deletes the generation's container with all that is in it; one that does not exist is no error.</summary>
    Task DeleteAsync(GenerationId id, CancellationToken cancellationToken);
}
