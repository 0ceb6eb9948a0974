using HlsCache.Core.Plans;
using HlsCache.Encoder.Planning;

namespace HlsCache.Encoder.Tests.Planning;

public sealed class FrameRateTests
{
    [Theory]
    // Constant.
    [InlineData("24000/1001", "24000/1001", "24000/1001")]
    [InlineData("24/1", "24/1", "24/1")]
    [InlineData("25/1", "25/1", "25/1")]
    [InlineData("30000/1001", "30000/1001", "30000/1001")]
    [InlineData("30/1", "30/1", "30/1")]
    [InlineData("48/1", "48/1", "48/1")]
    [InlineData("50/1", "50/1", "50/1")]
    [InlineData("60000/1001", "60000/1001", "60000/1001")]
    [InlineData("60/1", "60/1", "60/1")]
    [InlineData("15/1", "15/1", "15/1")]
    [InlineData("12/1", "12/1", "12/1")]
    [InlineData("25/2", "25/2", "25/2")]
    // Written in milliseconds.
    [InlineData("2997/100", "2997/100", "30000/1001")]
    [InlineData("23976/1000", "23976/1000", "24000/1001")]
    [InlineData("19001/317", "19001/317", "60000/1001")]
    [InlineData("24000/1001", "2397/100", "24000/1001")]
    // Too fast, too slow.
    [InlineData("120/1", "120/1", "60/1")]
    [InlineData("240/1", "240/1", "60/1")]
    [InlineData("1/1", "1/1", "10/1")]
    [InlineData("5/1", "5/1", "10/1")]
    // Variable, and a claim that only counts ticks.
    [InlineData("90000/1", "2987/100", "30000/1001")]
    [InlineData("1000/1", "25/1", "25/1")]
    [InlineData("1000/1", "24/1", "24/1")]
    [InlineData("1000/1", "2200/100", "24000/1001")]
    [InlineData("90000/1", "100/1", "60/1")]
    [InlineData("1000/1", "1/1", "24000/1001")]
    // Variable, and a claim that is believable.
    [InlineData("25/1", "247/10", "25/1")]
    [InlineData("30/1", "28/1", "30/1")]
    [InlineData("120/1", "30/1", "30/1")]
    [InlineData("15/1", "12/1", "15/1")]
    // Nothing known, or half.
    [InlineData(null, null, "25/1")]
    [InlineData(null, "25/1", "25/1")]
    [InlineData(null, "2987/100", "30000/1001")]
    [InlineData("30/1", null, "30/1")]
    [InlineData("90000/1", null, "60/1")]
    public void A_constant_rate_is_chosen(string? claimed, string? average, string rate) =>
        FrameRate.Choose(Rational.Parse(claimed), Rational.Parse(average)).ToString().ShouldBe(rate);
}
