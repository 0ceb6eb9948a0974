using HlsCache.Core.Keys;

namespace HlsCache.Core.Entries;

/// <summary>Says that a request makes the same bytes as another of the same source, which is encoded in its place.</summary>
/// <param name="Stamp">The source's stamp under which that was found; void when the source has another.</param>
public sealed record EntryAlias(Quality Quality, AudioChoice Audio, string Stamp)
{
    /// <summary>The request that is encoded in place of <paramref name="request"/>.</summary>
    public PlayRequest Resolve(PlayRequest request) => request with { Quality = Quality, Audio = Audio };
}
