namespace HlsCache.Core.Segments;

/// <summary>What came of a conditional upload.</summary>
public enum PutResult
{
    Stored,

    /// <summary>A blob of that name exists and was left as it is.</summary>
    AlreadyThere,

    /// <summary>The container is gone: the generation was reclaimed.</summary>
    Gone,
}
