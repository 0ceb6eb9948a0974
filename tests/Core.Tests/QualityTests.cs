using HlsCache.Core.Keys;

namespace HlsCache.Core.Tests;

public sealed class QualityTests
{
    [Theory]
    [InlineData(1, "360p")]
    [InlineData(360, "360p")]
    [InlineData(361, "480p")]
    [InlineData(481, "720p")]
    [InlineData(721, "1080p")]
    [InlineData(1081, "2160p")]
    [InlineData(2160, "2160p")]
    [InlineData(2161, null)]
    public void The_lowest_quality_that_keeps_a_height_is_the_next_above_it(int height, string? quality) => (Quality.Keeping(height)?.Name).ShouldBe(quality);

    [Theory]
    [InlineData("2160p", 2160, true)]
    [InlineData("1080p", 1080, true)]
    [InlineData("720p", 720, true)]
    [InlineData("480p", 480, true)]
    [InlineData("360p", 360, true)]
    [InlineData("original", int.MaxValue, true)]
    [InlineData("audio", 0, false)]
    public void Each_quality_has_its_name_and_height(string name, int height, bool hasVideo)
    {
        var quality = Quality.Parse(name).ShouldNotBeNull();
        (quality.Name, quality.ToString(), quality.MaxHeight, quality.HasVideo).ShouldBe((name, name, height, hasVideo));
    }

    [Theory]
    [InlineData("720P")]
    [InlineData("720")]
    [InlineData(" 720p")]
    [InlineData("540p")]
    [InlineData("Original")]
    [InlineData("")]
    [InlineData(null)]
    public void Other_names_are_none(string? name) => Quality.Parse(name).ShouldBeNull();

    [Fact]
    public void Names_are_unique() => Quality.All.DistinctBy(q => q.Name, StringComparer.Ordinal).Count().ShouldBe(Quality.All.Count);

    [Theory]
    [InlineData(2, 800)]
    [InlineData(360, 800)]
    [InlineData(362, 1500)]
    [InlineData(480, 1500)]
    [InlineData(482, 3500)]
    [InlineData(720, 3500)]
    [InlineData(722, 6000)]
    [InlineData(1080, 6000)]
    [InlineData(1082, 25000)]
    [InlineData(2160, 25000)]
    [InlineData(4320, 25000)]
    public void The_bit_rate_is_capped_by_the_height_in_effect(int height, int kilobits) => Quality.MaxKilobits(height).ShouldBe(kilobits);
}
