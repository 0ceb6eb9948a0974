namespace HlsCache.Core.Lifecycle;

/// <summary>What came of an eviction.</summary>
public enum EvictionResult
{
    /// <summary>Container and row are gone.</summary>
    Evicted,

    /// <summary>Somebody is watching it; it is as it was.</summary>
    Pinned,

    /// <summary>An encoder is at it; it is as it was.</summary>
    Written,

    /// <summary>Another changed the row meanwhile; it was left alone.</summary>
    Changed,
}
