namespace HlsCache.Core.Lifecycle;

/// <summary>What the reaper does about a generation.</summary>
public enum ReapAction
{
    Keep,

    /// <summary>Nobody will ask for it again: evict it.</summary>
    Evict,

    /// <summary>Nobody continues it, as far as the row tells: evict it unless an encoder holds its lock or it proves to be sealed.</summary>
    EvictUnlessWritten,

    /// <summary>Its eviction was begun and not ended: end it.</summary>
    FinishEviction,

    /// <summary>It failed; its row tells viewers why, its blobs are of no use.</summary>
    DeleteBlobs,

    /// <summary>Its blobs are gone: so goes the row.</summary>
    DeleteRow,
}
