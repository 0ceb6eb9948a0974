namespace HlsCache.Service.Lifecycle;

/// <summary>What came of an invalidation.</summary>
/// <param name="Evicted">Generations that are gone.</param>
/// <param name="Kept">Generations that stay until nobody watches or writes them.</param>
public sealed record Invalidation(int Evicted, int Kept);
