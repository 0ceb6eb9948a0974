using System.Globalization;
using HlsCache.Core.Segments;
using HlsCache.Encoder.Renditions;
using HlsCache.Testing;

namespace HlsCache.Encoder.Tests.Renditions;

public sealed class RangesTests
{
    // 25 frames a second: segments begin at 0, 25, 50, 100, 200, ..., so 1000 frames are twelve segments.
    [Theory]
    [InlineData("", "0-")]
    [InlineData("0", "0-")]
    [InlineData("0-1", "1-")]
    [InlineData("0-10", "10-")]
    [InlineData("0-11", "11-")]
    [InlineData("11", "0-11 11-")]
    [InlineData("1-11", "0-1 11-")]
    [InlineData("0,3,7-11", "1-3 4-7 11-")]
    [InlineData("0-3,5-9", "4-5 9-")]
    [InlineData("3", "0-3 3-")]
    // Segments that another plan's end would have had are nothing to this one.
    [InlineData("0-20", "11-")]
    [InlineData("0-5,20", "5-")]
    public void What_is_missing_is_encoded_and_the_end_always(string ready, string ranges)
    {
        var video = Samples.Video(new(25, 1), 1000);
        Samples.Video(new(25, 1), 1000).Grid.Count(1000).ShouldBe(12);
        var result = RenditionEncoder.Ranges(video, IndexSet.Parse(ready).ShouldNotBeNull());
        string.Join(' ', result.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.First}-{r.End}"))).ShouldBe(ranges);
    }

    [Theory]
    [InlineData("", "0-")]
    [InlineData("0-11", "")]
    [InlineData("0-10", "11-")]
    [InlineData("1-11", "0-1")]
    [InlineData("0,3,7-11", "1-3 4-7")]
    [InlineData("0-3,5-9", "4-5 10-")]
    [InlineData("0-20", "")]
    public void Where_the_length_is_final_only_holes_are_encoded(string ready, string ranges)
    {
        var result = RenditionEncoder.Holes(Samples.Video(new(25, 1), 1000), IndexSet.Parse(ready).ShouldNotBeNull());
        string.Join(' ', result.Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.First}-{r.End}"))).ShouldBe(ranges);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("0,2-3", 1)]
    [InlineData("0-3", 0)]
    public void Sound_whose_length_is_final_is_made_whole_or_not_at_all(string ready, int count) =>
        RenditionEncoder.Holes(Samples.Sound(700), IndexSet.Parse(ready).ShouldNotBeNull()).ShouldBe(Enumerable.Repeat((0, (int?)null), count));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("0-3")]
    public void Sound_is_always_made_whole(string ready) =>
        RenditionEncoder.Ranges(Samples.Sound(700), IndexSet.Parse(ready).ShouldNotBeNull()).ShouldBe([(0, (int?)null)]);
}
