using System.Globalization;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Encoder.Renditions;
using HlsCache.Testing;

namespace HlsCache.Encoder.Tests.Renditions;

public sealed class MissingTests
{
    // 25 frames a second: segments begin at 0, 25, 50, 100, 200, ..., so 1000 frames are twelve segments.
    [Theory]
    [InlineData("", "0-")]
    [InlineData("0", "1-")]
    [InlineData("0-1", "2-")]
    [InlineData("0-10", "11-")]
    [InlineData("0-11", "12-")]
    [InlineData("11", "0-11 12-")]
    [InlineData("1-11", "0-1 12-")]
    [InlineData("0,3,7-11", "1-3 4-7 12-")]
    [InlineData("0-3,5-9", "4-5 10-")]
    [InlineData("3", "0-3 4-")]
    // A film that is longer than it claims.
    [InlineData("0-20", "21-")]
    [InlineData("0-5,20", "6-20 21-")]
    public void Until_the_end_is_known_what_is_missing_is_encoded_and_whatever_may_follow(string ready, string ranges) =>
        Of(Samples.Video(new(25, 1), 1000), ready, false).ShouldBe(ranges);

    [Theory]
    [InlineData("", "0-")]
    [InlineData("0-10", "11-")]
    [InlineData("0-11", "")]
    [InlineData("11", "0-11")]
    [InlineData("0,3,7-10", "1-3 4-7 11-")]
    [InlineData("0-5,7-11", "6-7")]
    [InlineData("0-20", "")]
    public void Once_the_end_is_known_what_is_missing_is_encoded(string ready, string ranges) => Of(Samples.Video(new(25, 1), 1000), ready, true).ShouldBe(ranges);

    [Theory]
    [InlineData("0-1", false, "2-")]
    [InlineData("0-1,3", true, "2-3")]
    [InlineData("0-3", true, "")]
    public void Sound_is_the_same(string ready, bool isEndKnown, string ranges) => Of(Samples.Sound(700), ready, isEndKnown).ShouldBe(ranges);

    [Theory]
    [InlineData("", false, "0-")]
    [InlineData("0-10", true, "0-")]
    [InlineData("0-11", false, "0-")]
    [InlineData("0-11", true, "")]
    public void A_copy_is_made_whole_or_not_at_all(string ready, bool isEndKnown, string ranges) =>
        Of(Samples.Video(new(25, 1), 1000) with { CopiedCodec = "avc1.64001E" }, ready, isEndKnown).ShouldBe(ranges);

    private static string Of(IRenditionPlan rendition, string ready, bool isEndKnown) => string.Join(
        ' ', Missing.Of(rendition, IndexSet.Parse(ready).ShouldNotBeNull(), isEndKnown).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.First}-{r.End}")));
}
