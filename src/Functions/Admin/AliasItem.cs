namespace HlsCache.Functions.Admin;

/// <summary>The request that is encoded in place of another.</summary>
/// <param name="Key">Null when no row tells of which source.</param>
internal sealed record AliasItem(string? Key, string Quality, string Audio);
