namespace HlsCache.Functions.Admin;

/// <summary>All that is known of a key.</summary>
/// <param name="Alias">What is encoded in its place, or null.</param>
internal sealed record EntryDetail(EntryItem Entry, AliasItem? Alias, IReadOnlyList<GenerationItem> Generations, IReadOnlyList<SessionItem> Sessions);
