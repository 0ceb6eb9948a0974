using HlsCache.Core.Keys;

namespace HlsCache.Core.Tests;

public sealed class AudioChoiceTests
{
    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("99", 99)]
    [InlineData("2147483647", int.MaxValue)]
    public void A_number_is_a_track(string text, int track)
    {
        var choice = AudioChoice.Parse(text).ShouldNotBeNull();
        (choice.Track, choice.IsNone, choice.ToString()).ShouldBe((track, false, text));
        choice.ShouldBe(AudioChoice.OfTrack(track));
        choice.IsDefault.ShouldBeFalse();
    }

    [Fact]
    public void Minus_one_is_the_default_track()
    {
        var choice = AudioChoice.Parse("-1").ShouldNotBeNull();
        choice.ShouldBe(AudioChoice.Default);
        choice.IsDefault.ShouldBeTrue();
        (choice.Track, choice.IsNone, choice.ToString()).ShouldBe((null, false, "-1"));
    }

    [Fact]
    public void None_is_no_track()
    {
        var choice = AudioChoice.Parse("none").ShouldNotBeNull();
        choice.ShouldBe(AudioChoice.None);
        (choice.Track, choice.IsNone, choice.ToString()).ShouldBe((null, true, "none"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("01")]
    [InlineData("00")]
    [InlineData("+1")]
    [InlineData("-0")]
    [InlineData("-2")]
    [InlineData("-01")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1.0")]
    [InlineData("0x1")]
    [InlineData("٣")]
    [InlineData("None")]
    [InlineData("2147483648")]
    [InlineData("99999999999999999999")]
    public void Other_spellings_are_refused(string? text) => AudioChoice.Parse(text).ShouldBeNull();
}
