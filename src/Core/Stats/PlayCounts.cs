namespace HlsCache.Core.Stats;

/// <summary>How many plays were served from the cache, and how many began or joined an encode.</summary>
public readonly record struct PlayCounts(long Hits, long Misses)
{
    /// <summary>Hits in a hundred plays, rounded to the nearest; 0 when there were none.</summary>
    public int Ratio => Hits + Misses is var plays and > 0 ? (int)(((Hits * 100) + (plays / 2)) / plays) : 0;

    public static PlayCounts operator +(PlayCounts a, PlayCounts b) => new(a.Hits + b.Hits, a.Misses + b.Misses);

    public static PlayCounts Sum(IEnumerable<PlayCounts> counts) => counts.Aggregate(default(PlayCounts), (a, b) => a + b);
}
