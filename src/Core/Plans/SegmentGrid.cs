using System.Text.Json.Serialization;

namespace HlsCache.Core.Plans;

/// <summary>
/// Where the segments of a rendition begin, as exact counts of units (video frames, or AAC frames of 1024 samples). A pure function without an end:
/// how long the rendition is, is said beside it, because the source's claim about its length may prove wrong.
/// </summary>
/// <param name="Rate">Units a second.</param>
/// <param name="Head">First unit of the first segments, ascending from 0. The first ones may be shorter, so that playing starts sooner.</param>
/// <param name="Step">Units in every segment from the last of <paramref name="Head"/> on.</param>
public sealed record SegmentGrid(Rational Rate, IReadOnlyList<long> Head, long Step)
{
    /// <summary>
    /// Where units have no even rate, as in a copied stream: the instant at which each segment of <see cref="Head"/> begins, and that of the end, in
    /// microseconds. Null where <see cref="Rate"/> says it all.
    /// </summary>
    public IReadOnlyList<long>? Times { get; init; }

    /// <summary>The video grid: segments of <paramref name="seconds"/> after a ramp of a quarter, a quarter and a half of that.</summary>
    public static SegmentGrid ForVideo(Rational rate, double seconds)
    {
        var step = Math.Max(1, Round(rate, seconds));
        long[] head = [0, Round(rate, seconds / 4), Round(rate, seconds / 2), step];
        return new(rate, [.. head.Distinct()], step);
    }

    /// <summary>The audio grid: whole AAC frames, at least <paramref name="seconds"/> each. Sound is cheap, so it needs no ramp.</summary>
    public static SegmentGrid ForAudio(double seconds)
    {
        var rate = new Rational(AudioPlan.SampleRate, AudioPlan.SamplesPerFrame);
        return new(rate, [0], (long)Math.Ceiling(seconds * rate.Value));
    }

    /// <summary>First unit of segment <paramref name="index"/>; equally, the end of the one before.</summary>
    public long Start(int index) => index < Head.Count ? Head[index] : Head[^1] + ((index - Head.Count + 1) * Step);

    /// <summary>The segment that unit <paramref name="unit"/> belongs to.</summary>
    public int IndexOf(long unit)
    {
        if (unit >= Head[^1])
        {
            return checked((int)((unit - Head[^1]) / Step)) + Head.Count - 1;
        }

        var (low, high) = (0, Head.Count - 1);
        while (low + 1 < high)
        {
            var middle = (low + high) / 2;
            (low, high) = Head[middle] <= unit ? (middle, high) : (low, middle);
        }

        return low;
    }

    /// <summary>How many segments <paramref name="length"/> units fill; the last one is the remainder and never dropped.</summary>
    public int Count(long length) => length <= 0 ? 0 : IndexOf(length - 1) + 1;

    /// <summary>The instant at which unit <paramref name="unit"/> begins, in whole microseconds.</summary>
    public long Microseconds(long unit) => Times is null
        ? (long)((((Int128)unit * Rate.Denominator * 1_000_000) + (Rate.Numerator / 2)) / Rate.Numerator)
        : Between(Times, Math.Min(IndexOf(unit), Head.Count - 1), unit);

    /// <summary>The greatest number of units in one segment.</summary>
    [JsonIgnore]
    public long Longest => Enumerable.Range(0, Head.Count).Max(i => Start(i + 1) - Start(i));

    public bool Equals(SegmentGrid? other) => other is not null && Rate == other.Rate && Step == other.Step
        && Head.SequenceEqual(other.Head) && (Times ?? []).SequenceEqual(other.Times ?? []);

    public override int GetHashCode() => HashCode.Combine(Rate, Step, Head.Count);

    private long Between(IReadOnlyList<long> times, int index, long unit) =>
        times[index] + ((times[index + 1] - times[index]) * (unit - Start(index)) / (Start(index + 1) - Start(index)));

    private static long Round(Rational rate, double seconds) => (long)Math.Round(rate.Value * seconds, MidpointRounding.AwayFromZero);
}
