namespace HlsCache.Service.Admin;

/// <summary>The request that is encoded in place of another.</summary>
/// <param name="Key">Null when no row tells of which source.</param>
public sealed record AliasItem(string? Key, string Quality, string Audio);
