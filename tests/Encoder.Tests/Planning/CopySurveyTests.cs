using HlsCache.Core.Plans;
using HlsCache.Encoder.Planning;
using HlsCache.Encoder.Probing;

namespace HlsCache.Encoder.Tests.Planning;

public sealed class CopySurveyTests
{
    private static readonly Rational Rate = new(25, 1);

    [Fact]
    public void Segments_begin_at_keyframes_at_least_half_a_segment_apart()
    {
        // Keyframes at 0, 1, 3, 4, 9 s: 1 comes too soon after 0, and 4 too soon after 3.
        var survey = Survey(Frames(11 * 25, key: n => n is 0 or 25 or 75 or 100 or 225));

        var (grid, units, _) = survey.Finish(Rate).ShouldNotBeNull();

        (units, grid.Count(units)).ShouldBe((275, 3));
        Enumerable.Range(0, 4).Select(grid.Start).ShouldBe([0, 75, 225, 275]);
        Enumerable.Range(0, 4).Select(i => grid.Microseconds(grid.Start(i))).ShouldBe([0, 3_000_000, 9_000_000, 11_000_000]);
    }

    [Fact]
    public void Uneven_frames_keep_their_own_times()
    {
        var survey = Survey([Key(0, 2.5), Plain(2.5, 0.1), Key(2.6, 0.4), Plain(3, 1.25)]);

        var (grid, units, _) = survey.Finish(Rate).ShouldNotBeNull();

        units.ShouldBe(4);
        Enumerable.Range(0, 3).Select(i => grid.Microseconds(grid.Start(i))).ShouldBe([0, 2_600_000, 4_250_000]);
    }

    [Fact]
    public void Frames_shown_out_of_decoding_order_are_fine_behind_their_keyframe()
    {
        var survey = Survey([Key(0), Plain(0.12), Plain(0.04), Plain(0.08), Key(4), Plain(4.08), Plain(4.04)]);

        survey.Finish(Rate).ShouldNotBeNull().Grid.Head.ShouldBe([0, 4]);
    }

    [Fact]
    public void Times_count_from_the_start_of_the_film()
    {
        var survey = new CopySurvey(5.3, 4);
        survey.Add(Key(5.3));
        survey.Add(Plain(5.34));

        survey.Finish(Rate).ShouldNotBeNull().Grid.Times.ShouldBe([0, 80_000]);
    }

    [Fact]
    public void The_bit_rate_is_that_of_the_busiest_segment()
    {
        var survey = Survey([new(0, 4, 1_000_000, true, false), new(4, 4, 2_000_000, true, false), new(8, 4, 500_000, true, false)]);

        survey.Finish(Rate).ShouldNotBeNull().Kilobits.ShouldBe(4000);
    }

    public static TheoryData<string, Packet[]> Impossible => new()
    {
        { "no packets", [] },
        { "does not begin with a keyframe", [Plain(0), Key(0.04)] },
        { "does not begin at the film's start", [Key(0.5), Plain(0.54)] },
        { "a frame before the keyframe follows it (open GOP)", [Key(0), Plain(0.04), Key(4), Plain(3.96)] },
        { "a frame without a time", [Key(0), new(null, 0.04, 1, false, false)] },
        { "a frame that an edit list cuts away", [Key(0), new(0.04, 0.04, 1, false, true)] },
        { "keyframes too far apart", [.. Frames(16 * 25, key: n => n == 0)] },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void A_stream_that_cannot_be_cut_is_not_copied(string why, Packet[] packets) => Survey(packets).Finish(Rate).ShouldBeNull(why);

    private static CopySurvey Survey(IEnumerable<Packet> packets)
    {
        var survey = new CopySurvey(0, segmentSeconds: 4);
        foreach (var packet in packets)
        {
            survey.Add(packet);
        }

        return survey;
    }

    private static IEnumerable<Packet> Frames(int count, Func<int, bool> key) =>
        Enumerable.Range(0, count).Select(n => new Packet(n / 25.0, 0.04, 100, key(n), false));

    private static Packet Key(double pts, double duration = 0.04) => new(pts, duration, 1, true, false);

    private static Packet Plain(double pts, double duration = 0.04) => new(pts, duration, 1, false, false);
}
