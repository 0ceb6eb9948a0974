namespace HlsCache.Functions.Admin;

/// <param name="Evicted">Generations that are gone.</param>
/// <param name="Kept">Generations that stay until nobody watches or writes them.</param>
internal sealed record InvalidateAnswer(int Evicted, int Kept);
