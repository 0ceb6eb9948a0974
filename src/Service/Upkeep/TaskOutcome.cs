namespace HlsCache.Service.Upkeep;

/// <summary>What came of a run.</summary>
/// <param name="Summary">One line: what was done, or why it failed.</param>
public sealed record TaskOutcome(bool Succeeded, string Summary);
