using HlsCache.Core.Plans;

namespace HlsCache.Encoder.Planning;

/// <summary>Chooses the lowest H.264 level that allows a picture (ITU-T H.264, table A-1; bit rates are High profile's, 1.25 times the table's).</summary>
public static class H264Level
{
    private const int MacroblockSize = 16;

    private static readonly (int Level, long BlocksPerSecond, long BlocksPerFrame, int Kilobits)[] Limits =
    [
        (30, 40_500, 1_620, 12_500),
        (31, 108_000, 3_600, 17_500),
        (32, 216_000, 5_120, 25_000),
        (40, 245_760, 8_192, 25_000),
        (41, 245_760, 8_192, 62_500),
        (42, 522_240, 8_704, 62_500),
        (50, 589_824, 22_080, 168_750),
        (51, 983_040, 36_864, 300_000),
        (52, 2_073_600, 36_864, 300_000),
        (60, 4_177_920, 139_264, 300_000),
        (61, 8_355_840, 139_264, 600_000),
        (62, 16_711_680, 139_264, 1_000_000),
    ];

    /// <summary>The level times ten.</summary>
    /// <param name="kilobits">Size of the rate control's buffer and thus its peak, in kbit.</param>
    public static int For(int width, int height, Rational rate, int kilobits)
    {
        var blocks = (long)Blocks(width) * Blocks(height);
        return Limits.FirstOrDefault(
            l => blocks <= l.BlocksPerFrame && blocks * rate.Value <= l.BlocksPerSecond && kilobits <= l.Kilobits,
            Limits[^1]).Level;
    }

    private static int Blocks(int pixels) => (pixels + MacroblockSize - 1) / MacroblockSize;
}
