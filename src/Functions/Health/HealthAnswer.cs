namespace HlsCache.Functions.Health;

/// <param name="Status"><c>ok</c> or <c>down</c>.</param>
/// <param name="Down">What is down, in words; empty when all is well.</param>
internal sealed record HealthAnswer(string Status, IReadOnlyList<string> Down);
