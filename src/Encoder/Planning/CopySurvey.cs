using HlsCache.Core.Plans;
using HlsCache.Encoder.Probing;

namespace HlsCache.Encoder.Planning;

/// <summary>
/// Finds out, packet by packet in decoding order, whether a stream can be cut as it is, and where: segments begin at keyframes that nothing shown
/// before them follows.
/// </summary>
/// <param name="filmStart">Time stamp of the film's first packet in seconds.</param>
/// <param name="segmentSeconds">Length of a full segment; a keyframe after half of that begins a new one.</param>
public sealed class CopySurvey(double filmStart, double segmentSeconds)
{
    // What a viewer waits for at worst after a seek. Encoders put keyframes every 250 frames unless told otherwise.
    private const double LongestSeconds = 15;

    // Media that does not start at 0 makes players jump.
    private const double StartTolerance = 0.001;

    private readonly List<long> units = [];
    private readonly List<long> times = [];
    private double keyframe;
    private double begun;
    private double end;
    private long packets;
    private long bytes;
    private double peak;
    private bool impossible;

    public void Add(Packet packet)
    {
        if (packet is not { Pts: { } stamp, IsCut: false } || (packets == 0 && !packet.IsKey))
        {
            impossible = true;
            return;
        }

        var pts = stamp - filmStart;
        impossible |= packets == 0 ? Math.Abs(pts) > StartTolerance : pts < keyframe;
        if (packet.IsKey)
        {
            keyframe = pts;
            if (packets == 0 || pts - begun >= segmentSeconds / 2)
            {
                Begin(pts);
            }
        }

        packets++;
        bytes += packet.Bytes;
        end = Math.Max(end, pts + packet.Duration);
    }

    /// <summary>The grid of the copy, its length in packets and its highest bit rate in kbit/s; null when the stream cannot be cut as it is.</summary>
    /// <param name="rate">Pictures a second, as the container claims.</param>
    public (SegmentGrid Grid, long Units, int Kilobits)? Finish(Rational rate)
    {
        if (impossible || packets == 0)
        {
            return null;
        }

        Close(end);
        times.Add(Microseconds(end));
        var longest = times.Zip(times.Skip(1), (from, to) => to - from).Max();
        return longest > LongestSeconds * 1_000_000
            ? null
            : (new SegmentGrid(rate, units, packets - units[^1]) { Times = times }, packets, (int)Math.Ceiling(peak));
    }

    private void Begin(double pts)
    {
        Close(pts);
        (begun, bytes) = (pts, 0);
        units.Add(packets);
        // The first is at 0 to the tolerance.
        times.Add(units.Count == 1 ? 0 : Microseconds(pts));
    }

    private void Close(double at) => peak = at > begun ? Math.Max(peak, bytes * 8 / 1000.0 / (at - begun)) : peak;

    private static long Microseconds(double seconds) => (long)Math.Round(seconds * 1_000_000);
}
