namespace HlsCache.Core.Stats;

/// <summary>What one process counted on one day.</summary>
/// <param name="Day">In UTC.</param>
/// <param name="Instance">Names the process: another at every start.</param>
public sealed record InstanceDay(DateOnly Day, string Instance, PlayCounts Counts);
