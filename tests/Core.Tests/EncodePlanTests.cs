using HlsCache.Core.Plans;
using HlsCache.Testing;

namespace HlsCache.Core.Tests;

public sealed class EncodePlanTests
{
    [Fact]
    public void The_picture_carries_the_timeline() => Samples.Plan().Renditions().Select(r => r.Rendition).ShouldBe([Rendition.Video, Rendition.Audio]);

    [Fact]
    public void A_film_without_a_picture_or_without_sound_has_one_rendition()
    {
        (Samples.Plan() with { Video = null }).Renditions().ShouldHaveSingleItem().Rendition.ShouldBe(Rendition.Audio);
        (Samples.Plan() with { Sound = null }).Renditions().ShouldHaveSingleItem().Rendition.ShouldBe(Rendition.Video);
    }

    [Fact]
    public void The_film_is_as_long_as_its_longest_rendition()
    {
        Samples.Plan().Seconds().ShouldBe(8.533333); // 400 AAC frames against 213 pictures of 40 ms.
        (Samples.Plan() with { Sound = null }).Seconds().ShouldBe(8.52);
    }

    [Fact]
    public void A_rendition_may_come_out_otherwise_than_planned()
    {
        var plan = Samples.Plan().WithUnits(Rendition.Video, 99).WithUnits(Rendition.Audio, 150);
        plan.Find(Rendition.Video).ShouldNotBeNull().Units.ShouldBe(99);
        plan.Find(Rendition.Audio).ShouldNotBeNull().Units.ShouldBe(150);
        plan.Renditions().Select(r => r.Segments).ShouldBe([3, 1]);
        plan.Subtitles.ShouldBe(Samples.Plan().Subtitles);
    }

    [Fact]
    public void What_is_not_planned_is_not_found() => (Samples.Plan() with { Sound = null }).Find(Rendition.Audio).ShouldBeNull();

    [Theory]
    [InlineData(40, "avc1.640028")]
    [InlineData(31, "avc1.64001F")]
    [InlineData(9, "avc1.640009")]
    [InlineData(62, "avc1.64003E")]
    public void The_codec_is_named_with_its_level(int level, string codec) =>
        (Samples.Video(new(25, 1), 1) with { Level = level }).Codec.ShouldBe(codec);
}
