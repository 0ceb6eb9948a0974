using HlsCache.Core.Plans;

namespace HlsCache.Encoder.Planning;

/// <summary>Chooses the constant rate that a film is encoded at.</summary>
public static class FrameRate
{
    private static readonly Rational Least = new(10, 1);
    private static readonly Rational Greatest = new(60, 1);

    private static readonly Rational[] Usual =
    [
        new(24000, 1001), new(24, 1), new(25, 1), new(30000, 1001), new(30, 1), new(48, 1), new(50, 1), new(60000, 1001), new(60, 1),
    ];

    /// <param name="claimed">The rate in which all time stamps can be expressed (ffprobe's r_frame_rate); for variable rates a guess.</param>
    /// <param name="average">Frames by duration.</param>
    public static Rational Choose(Rational? claimed, Rational? average)
    {
        var rate = (claimed, average) switch
        {
            (null, null) => new Rational(25, 1),
            (null, { } a) => Near(a) ?? Above(a),
            ({ } c, null) => Near(c) ?? Above(c),
            // Constant: both say the same.
            ({ } c, { } a) when Within(c, a, 0.005) => Near(c) ?? c,
            // Variable: as the average where that is a usual rate, else as the claim unless it only counts time stamp ticks.
            ({ } c, { } a) => Near(a) ?? (c <= Greatest ? Near(c) ?? c : Above(a)),
        };
        return rate < Least ? Least : rate > Greatest ? Greatest : rate;
    }

    private static Rational? Near(Rational rate)
    {
        // 23.976 and 24 are 0.1 % apart.
        var nearest = Usual.MinBy(u => Math.Abs(u.Value - rate.Value));
        return Within(nearest, rate, 0.0004) ? nearest : null;
    }

    private static Rational Above(Rational rate) => Usual.Where(u => u >= rate).DefaultIfEmpty(Greatest).First();

    private static bool Within(Rational a, Rational b, double share) => Math.Abs(a.Value - b.Value) <= b.Value * share;
}
