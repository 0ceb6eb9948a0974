namespace HlsCache.Core.Segments;

/// <summary>A blob as a listing shows it.</summary>
/// <param name="Name">Name within the generation's container.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Md5">MD5 in base 64, or null where none was stored.</param>
public sealed record StoredBlob(string Name, long Size, string? Md5);
