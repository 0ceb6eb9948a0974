namespace HlsCache.Core.Segments;

/// <summary>A blob that is not what the seal promises.</summary>
public sealed record DamagedBlob(string Name, DamageKind Kind);
