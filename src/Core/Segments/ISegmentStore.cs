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

    /// <summary>
    /// Copies a blob from one generation to another without its bytes passing through here, unless the target has one of that name.
    /// <see cref="PutResult.Gone"/> when either container, or the blob, is not there.
    /// </summary>
    Task<PutResult> CopyAsync(GenerationId from, GenerationId to, string name, CancellationToken cancellationToken);

    /// <summary>
    /// The generations that have a container, in ordinal order of their names. Only what this deployment made: by the strict pattern of the name
    /// and by the owner noted on the container.
    /// </summary>
    IAsyncEnumerable<GenerationId> GenerationsAsync(CancellationToken cancellationToken);

    /// <summary>Deletes the generation's container with all that is in it; one that does not exist is no error.</summary>
    Task DeleteAsync(GenerationId id, CancellationToken cancellationToken);
}
