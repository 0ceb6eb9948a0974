namespace HlsCache.Service.Admin;

/// <summary>All that is known of a key.</summary>
/// <param name="Alias">What is encoded in its place, or null.</param>
public sealed record EntryDetail(EntryItem Entry, AliasItem? Alias, IReadOnlyList<GenerationItem> Generations, IReadOnlyList<SessionItem> Sessions);
