using HlsCache.Core.Stats;

namespace HlsCache.Core.Tests;

public sealed class PlayCountsTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 5, 0)]
    [InlineData(5, 0, 100)]
    [InlineData(1, 1, 50)]
    [InlineData(1, 2, 33)]
    [InlineData(2, 1, 67)]
    [InlineData(1, 199, 1)]
    [InlineData(1, 200, 0)]
    [InlineData(199, 1, 100)]
    [InlineData(30_000_000_000_000_000, 10_000_000_000_000_000, 75)]
    public void The_ratio_is_hits_in_a_hundred_plays_rounded(long hits, long misses, int ratio) => new PlayCounts(hits, misses).Ratio.ShouldBe(ratio);

    [Fact]
    public void Counts_add_up() => PlayCounts.Sum([new(1, 2), new(30, 40)]).ShouldBe(new(31, 42));
}
