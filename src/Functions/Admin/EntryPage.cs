namespace HlsCache.Functions.Admin;

/// <summary>A page of what is cached.</summary>
/// <param name="Next">Pass it as <c>after</c> for the next page; null at the end.</param>
internal sealed record EntryPage(IReadOnlyList<EntryItem> Entries, string? Next);
