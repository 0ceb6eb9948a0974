namespace HlsCache.Storage.Sources;

/// <summary>One root of section <c>Sources</c>: where films are.</summary>
public sealed class SourceRootOptions
{
    /// <summary>A directory on this machine or on a mounted share.</summary>
    public string? Path { get; set; }
}
