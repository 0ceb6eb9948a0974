using System.Text.Json;
using HlsCache.Core.Plans;

namespace HlsCache.Core.Tests;

public sealed class RationalTests
{
    [Theory]
    [InlineData("25/1", 25, 1)]
    [InlineData("50/2", 25, 1)]
    [InlineData("24000/1001", 24000, 1001)]
    [InlineData("16:9", 16, 9)]
    [InlineData("1000000000000/3000000000000", 1, 3)]
    public void A_ratio_is_read_in_lowest_terms(string text, long numerator, long denominator)
    {
        var ratio = Rational.Parse(text).ShouldNotBeNull();
        (ratio.Numerator, ratio.Denominator, ratio.ToString()).ShouldBe((numerator, denominator, $"{numerator}/{denominator}"));
        ratio.Value.ShouldBe((double)numerator / denominator);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("25")]
    [InlineData("0/0")]
    [InlineData("0/1")]
    [InlineData("1/0")]
    [InlineData("-25/1")]
    [InlineData("25/-1")]
    [InlineData("+25/1")]
    [InlineData("25/1/1")]
    [InlineData("25 / 1")]
    [InlineData("25.0/1")]
    [InlineData("N/A")]
    [InlineData("9223372036854775808/1")]
    public void What_is_no_ratio_or_unknown_is_none(string? text) => Rational.Parse(text).ShouldBeNull();

    [Fact]
    public void Equal_ratios_are_equal_however_they_are_written() => new Rational(60, 2).ShouldBe(new Rational(30, 1));

    [Fact]
    public void Negative_parts_and_a_zero_denominator_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new Rational(-1, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => new Rational(1, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => new Rational(1, -1));
    }

    [Theory]
    [InlineData(24000, 1001, 24, 1)]
    [InlineData(0, 1, 1, 1000)]
    [InlineData(long.MaxValue - 1, long.MaxValue, 1, 1)]
    [InlineData(1, long.MaxValue, 2, long.MaxValue)]
    public void Ratios_compare_exactly(long n1, long d1, long n2, long d2)
    {
        var (less, more) = (new Rational(n1, d1), new Rational(n2, d2));
        (less < more && less <= more && more > less && more >= less).ShouldBeTrue();
        (less > more || less >= more || more < less || more <= less).ShouldBeFalse();
        less.CompareTo(less).ShouldBe(0);
    }

    [Theory]
    [InlineData("\"x\"")]
    [InlineData("\"1/0\"")]
    [InlineData("null")]
    public void A_stored_grid_with_a_faulty_rate_is_refused(string rate) =>
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize($$"""{"rate":{{rate}},"head":[0],"step":1}""", CoreJson.Default.SegmentGrid));
}
