namespace HlsCache.Core.Stats;

/// <summary>How much there is.</summary>
/// <param name="Entries">Sealed generations.</param>
/// <param name="Bytes">Bytes of media: sealed, superseded but still watched, and being written.</param>
/// <param name="PinnedBytes">Those of them that somebody is watching.</param>
/// <param name="ReservedBytes">What the encodes in flight are going to add, as far as that can be foretold.</param>
/// <param name="EncodesInFlight">Generations that wait for an encoder or are with one.</param>
public sealed record CacheCensus(int Entries, long Bytes, long PinnedBytes, long ReservedBytes, int EncodesInFlight)
{
    /// <summary>Bytes that no sweep can free.</summary>
    public long Held => PinnedBytes + ReservedBytes;
}
