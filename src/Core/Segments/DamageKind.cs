namespace HlsCache.Core.Segments;

/// <summary>How a blob is not what the seal promises.</summary>
public enum DamageKind
{
    /// <summary>It is not there, or the seal does not say what it must be.</summary>
    Missing,

    /// <summary>It has another size.</summary>
    Resized,

    /// <summary>It has the size but not the MD5.</summary>
    Altered,
}
