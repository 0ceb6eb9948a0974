namespace HlsCache.Encoder.Planning;

/// <summary>What a look at the source brought: a film with a plan, or why it cannot be encoded, as a sentence for the viewer.</summary>
public sealed record ScoutReport(PlannedSource? Found, string? Refusal);
