namespace HlsCache.Core.Stats;

/// <summary>How much there is.</summary>
/// <param name="Entries">Sealed generations.</param>
/// <param name="Bytes">Bytes of media: sealed, superseded but still watched, and being written.</param>
/// <param name="PinnedBytes">Those of them that somebody is watching.</param>
/// <param name="EncodesInFlight">Generations that an encoder has claimed.</param>
public sealed record CacheCensus(int Entries, long Bytes, long PinnedBytes, int EncodesInFlight);
