using HlsCache.Core.Keys;

namespace HlsCache.Core.Sources;

/// <summary>A film that exists.</summary>
/// <param name="Bytes">Size.</param>
/// <param name="Stamp">Identity of its bytes: differs when they may differ.</param>
/// <param name="Input">What ffmpeg opens. Never shown to a caller.</param>
public sealed record SourceFile(SourcePath Path, long Bytes, string Stamp, string Input);
