namespace HlsCache.Core.Sources;

/// <summary>The bytes of a film that is not on this machine, in the version that its stamp names.</summary>
public interface ISourceBytes
{
    /// <summary>Fills the buffer with what is at <paramref name="offset"/>; false when the film is no longer that version, or is gone.</summary>
    /// <exception cref="SourceUnavailableException">It could not be read this time.</exception>
    Task<bool> ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken);
}
