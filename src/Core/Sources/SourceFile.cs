using HlsCache.Core.Keys;

namespace HlsCache.Core.Sources;

/// <summary>A film that exists.</summary>
/// <param name="Bytes">Size.</param>
/// <param name="Stamp">Identity of its bytes: differs when they may differ.</param>
/// <param name="Input">The file that ffmpeg opens; null where the film is not on this machine. Never shown to a caller.</param>
public sealed record SourceFile(SourcePath Path, long Bytes, string Stamp, string? Input)
{
    /// <summary>Its bytes, where the film is not on this machine.</summary>
    public ISourceBytes? Remote { get; init; }
}
