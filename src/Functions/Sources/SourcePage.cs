namespace HlsCache.Functions.Sources;

/// <summary>A page of what the roots hold.</summary>
/// <param name="Next">Pass it as <c>after</c> for the next page; null at the end.</param>
internal sealed record SourcePage(IReadOnlyList<SourceItem> Sources, string? Next);
