namespace HlsCache.Core.Stats;

/// <summary>What the cache holds at an instant.</summary>
/// <param name="Entries">Complete films.</param>
/// <param name="Bytes">Their size.</param>
/// <param name="PinnedBytes">The part of it that live sessions pin.</param>
/// <param name="EncodesInFlight">Encodes that wait or run.</param>
public sealed record CacheCensus(int Entries, long Bytes, long PinnedBytes, int EncodesInFlight);
