using HlsCache.Core.Plans;
using HlsCache.Encoder.Planning;

namespace HlsCache.Encoder.Tests.Planning;

public sealed class H264LevelTests
{
    [Theory]
    [InlineData(320, 180, "25/1", 1600, 30)]
    [InlineData(640, 360, "30/1", 1600, 30)]
    [InlineData(640, 360, "60/1", 1600, 31)]
    [InlineData(720, 480, "30/1", 3000, 30)]
    [InlineData(720, 576, "25/1", 3000, 30)]
    [InlineData(854, 480, "30/1", 3000, 31)]
    [InlineData(1280, 720, "30/1", 7000, 31)]
    [InlineData(1280, 720, "60/1", 7000, 32)]
    [InlineData(720, 1280, "30/1", 7000, 31)]
    [InlineData(1920, 1080, "24000/1001", 12000, 40)]
    [InlineData(1920, 1080, "30/1", 12000, 40)]
    [InlineData(1920, 1080, "60/1", 12000, 42)]
    [InlineData(3840, 2160, "24/1", 50000, 51)]
    [InlineData(3840, 2160, "30/1", 50000, 51)]
    [InlineData(3840, 2160, "60/1", 50000, 52)]
    [InlineData(7680, 4320, "24/1", 50000, 60)]
    [InlineData(7680, 4320, "60/1", 50000, 61)]
    [InlineData(16384, 8640, "60/1", 50000, 62)]
    // The bit rate alone raises it.
    [InlineData(320, 180, "25/1", 12500, 30)]
    [InlineData(320, 180, "25/1", 12501, 31)]
    [InlineData(1920, 1080, "24/1", 50000, 41)]
    // One macroblock more than a level allows.
    [InlineData(720, 577, "24/1", 3000, 31)]
    public void The_lowest_level_that_allows_the_picture(int width, int height, string rate, int kilobits, int level) =>
        H264Level.For(width, height, Rational.Parse(rate)!.Value, kilobits).ShouldBe(level);
}
