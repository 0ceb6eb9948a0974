namespace HlsCache.Core.Plans;

/// <summary>The kinds of media that are encoded as separate series of segments.</summary>
public enum Rendition
{
    Video,
    Audio,
}
