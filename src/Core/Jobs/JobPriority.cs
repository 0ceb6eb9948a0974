namespace HlsCache.Core.Jobs;

/// <summary>Which work goes first. Encoders take urgent work before any other.</summary>
public enum JobPriority
{
    /// <summary>A viewer waits.</summary>
    Urgent,

    /// <summary>Nobody waits: what fills the cache, or the rest of a film.</summary>
    Filling,
}
