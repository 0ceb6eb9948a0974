namespace HlsCache.Core.Stats;

/// <summary>How much there is.</summary>
/// <param name="Entries">Sealed generations.</param>
/// <param name="Bytes">Bytes of media: sealed, superseded but still watched, failed and being written; not what is being evicted.</param>
/// <param name="PinnedBytes">Those of them that live sessions hold.</param>
/// <param name="WatchedBytes">Those of them that may be playing at this moment, or that the operator keeps.</param>
/// <param name="ReservedBytes">What the encodes in flight are going to add, as far as that can be foretold.</param>
/// <param name="EncodesInFlight">Generations that wait for an encoder or are with one.</param>
public sealed record CacheCensus(int Entries, long Bytes, long PinnedBytes, long WatchedBytes, long ReservedBytes, int EncodesInFlight)
{
    /// <summary>What a new film must find room beside.</summary>
    public long TakenBytes => WatchedBytes + ReservedBytes;
}
