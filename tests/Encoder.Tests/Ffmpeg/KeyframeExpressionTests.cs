using HlsCache.Core.Plans;
using HlsCache.Encoder.Ffmpeg;
using HlsCache.Testing;

namespace HlsCache.Encoder.Tests.Ffmpeg;

public sealed class KeyframeExpressionTests
{
    private const int Segments = 12;

    public static TheoryData<string, double, int> Ranges()
    {
        var data = new TheoryData<string, double, int>();
        foreach (var rate in new[] { "24/1", "24000/1001", "30000/1001", "60/1", "10/1", "25/1", "60000/1001" })
        {
            foreach (var seconds in new[] { 4, 2, 0.5 })
            {
                for (var first = 0; first < 6; first++)
                {
                    data.Add(rate, seconds, first);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Keyframes_are_where_segments_begin_and_nowhere_else(string rate, double seconds, int first)
    {
        var video = Samples.Video(Rational.Parse(rate)!.Value, 100_000, seconds);
        var plan = Samples.Plan() with { Video = video };
        var arguments = FfmpegArguments.Video("/x", plan, first, end: null, threads: 0, unindexedStart: null).ToList();
        var expression = arguments[arguments.IndexOf("-force_key_frames") + 1];

        var from = video.Grid.Start(first);
        var frames = (int)(video.Grid.Start(first + Segments) - from);
        var forced = Enumerable.Range(0, frames).Where(n => KeyframeExpression.Forces(expression, n)).Select(n => n + from);
        forced.ShouldBe(Enumerable.Range(first, Segments).Select(video.Grid.Start));
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void No_segment_is_longer_than_the_longest_group_of_pictures(string rate, double seconds, int first)
    {
        var video = Samples.Video(Rational.Parse(rate)!.Value, 100_000, seconds);
        var arguments = FfmpegArguments.Video("/x", Samples.Plan() with { Video = video }, first, end: null, threads: 0, unindexedStart: null).ToList();
        var longest = long.Parse(arguments[arguments.IndexOf("-g") + 1], System.Globalization.CultureInfo.InvariantCulture);
        Enumerable.Range(0, Segments).Max(i => video.Grid.Start(i + 1) - video.Grid.Start(i)).ShouldBe(longest);
    }

    [Theory]
    [InlineData("expr:eq(n,3)", 3, true)]
    [InlineData("expr:eq(n,3)", 4, false)]
    [InlineData("expr:eq(n,3)+eq(n,4)", 4, true)]
    [InlineData("expr:gte(n,4)*eq(mod(n-4,3),0)", 1, false)]
    [InlineData("expr:gte(n,4)*eq(mod(n-4,3),0)", 7, true)]
    public void The_evaluator_of_these_tests_is_right(string expression, int n, bool forced) => KeyframeExpression.Forces(expression, n).ShouldBe(forced);
}
