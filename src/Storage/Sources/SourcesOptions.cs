namespace HlsCache.Storage.Sources;

/// <summary>Section <c>Sources</c>: the roots by name.</summary>
public sealed class SourcesOptions
{
    public const string Section = "Sources";

    public Dictionary<string, SourceRootOptions> Roots { get; } = new(StringComparer.Ordinal);
}
