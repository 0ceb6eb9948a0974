namespace HlsCache.Service.Admin;

/// <summary>A page of what is cached.</summary>
/// <param name="Next">Pass it as <c>after</c> for the next page; null at the end.</param>
public sealed record EntryPage(IReadOnlyList<EntryItem> Entries, string? Next);
