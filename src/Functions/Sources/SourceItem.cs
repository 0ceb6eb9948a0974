namespace HlsCache.Functions.Sources;

/// <param name="Source">Virtual path.</param>
/// <param name="Bytes">Size.</param>
internal sealed record SourceItem(string Source, long Bytes);
