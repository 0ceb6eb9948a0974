using HlsCache.Core.Plans;
using HlsCache.Testing;

namespace HlsCache.Core.Tests;

public sealed class SegmentGridTests
{
    [Theory]
    [InlineData("24/1", 4, new long[] { 0, 24, 48, 96 }, 96)]
    [InlineData("24/1", 2, new long[] { 0, 12, 24, 48 }, 48)]
    [InlineData("25/1", 4, new long[] { 0, 25, 50, 100 }, 100)]
    [InlineData("25/1", 2, new long[] { 0, 13, 25, 50 }, 50)]
    [InlineData("24000/1001", 4, new long[] { 0, 24, 48, 96 }, 96)]
    [InlineData("24000/1001", 2, new long[] { 0, 12, 24, 48 }, 48)]
    [InlineData("30000/1001", 4, new long[] { 0, 30, 60, 120 }, 120)]
    [InlineData("30000/1001", 2, new long[] { 0, 15, 30, 60 }, 60)]
    [InlineData("30/1", 4, new long[] { 0, 30, 60, 120 }, 120)]
    [InlineData("60000/1001", 4, new long[] { 0, 60, 120, 240 }, 240)]
    [InlineData("60/1", 4, new long[] { 0, 60, 120, 240 }, 240)]
    [InlineData("60/1", 2, new long[] { 0, 30, 60, 120 }, 120)]
    [InlineData("10/1", 4, new long[] { 0, 10, 20, 40 }, 40)]
    [InlineData("10/1", 2, new long[] { 0, 5, 10, 20 }, 20)]
    [InlineData("1/2", 4, new long[] { 0, 1, 2 }, 2)]
    [InlineData("1/10", 4, new long[] { 0, 1 }, 1)]
    public void A_video_grid_begins_with_a_ramp_and_goes_on_evenly(string rate, double seconds, long[] head, long step)
    {
        var grid = SegmentGrid.ForVideo(Rational.Parse(rate)!.Value, seconds);
        grid.Head.ShouldBe(head);
        grid.Step.ShouldBe(step);
        grid.Longest.ShouldBe(step);
        Enumerable.Range(0, head.Length + 2).Select(grid.Start).ShouldBe([.. head, head[^1] + step, head[^1] + (2 * step)]);
    }

    [Theory]
    [InlineData(4, 188)]
    [InlineData(2, 94)]
    [InlineData(6, 282)]
    [InlineData(1.024, 48)]
    public void An_audio_grid_has_whole_frames_and_no_ramp(double seconds, long frames)
    {
        var grid = SegmentGrid.ForAudio(seconds);
        grid.ShouldBe(new SegmentGrid(new(375, 8), [0], frames));
        Enumerable.Range(0, 4).Select(grid.Start).ShouldBe([0, frames, 2 * frames, 3 * frames]);
        (grid.Microseconds(frames) >= seconds * 1e6).ShouldBeTrue();
        (grid.Microseconds(frames - 1) < seconds * 1e6).ShouldBeTrue();
    }

    [Theory]
    [InlineData("24/1", 4)]
    [InlineData("25/1", 4)]
    [InlineData("24000/1001", 4)]
    [InlineData("30000/1001", 4)]
    [InlineData("30/1", 4)]
    [InlineData("60000/1001", 4)]
    [InlineData("60/1", 4)]
    [InlineData("10/1", 4)]
    [InlineData("25/1", 2)]
    [InlineData("60000/1001", 2)]
    [InlineData("10/1", 2)]
    [InlineData("375/8", 4)]
    public void Every_unit_lies_in_the_segment_that_it_is_said_to_lie_in(string rate, double seconds) =>
        CheckInverse(SegmentGrid.ForVideo(Rational.Parse(rate)!.Value, seconds), units: 5000);

    [Fact]
    public void The_audio_grid_is_inverted_too() => CheckInverse(SegmentGrid.ForAudio(4), units: 5000);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Any_grid_is_inverted(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 200; i++)
        {
            var head = Enumerable.Range(0, random.Next(0, 6)).Select(_ => (long)random.Next(1, 300)).Append(0).Distinct().Order().ToArray();
            CheckInverse(new(new(random.Next(1, 61), random.Next(1, 4)), head, random.Next(1, 300)), units: 700);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_rate_gives_an_ascending_grid_from_zero(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 2000; i++)
        {
            var grid = SegmentGrid.ForVideo(new(random.Next(1, 240_000), random.Next(1, 1002)), 0.5 + (random.NextDouble() * 10));
            grid.Head[0].ShouldBe(0);
            grid.Step.ShouldBeGreaterThan(0);
            Enumerable.Range(0, 8).ShouldAllBe(n => grid.Start(n) < grid.Start(n + 1));
            grid.Longest.ShouldBe(Enumerable.Range(0, 8).Max(n => grid.Start(n + 1) - grid.Start(n)));
        }
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(25, 1)]
    [InlineData(26, 2)]
    [InlineData(100, 3)]
    [InlineData(101, 4)]
    [InlineData(200, 4)]
    [InlineData(201, 5)]
    [InlineData(212, 5)] // 8.5 s are 212.5 frames.
    [InlineData(213, 5)]
    [InlineData(300, 5)]
    public void The_count_includes_the_remainder(long frames, int segments) =>
        SegmentGrid.ForVideo(new(25, 1), 4).Count(frames).ShouldBe(segments);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(188, 1)]
    [InlineData(189, 2)]
    [InlineData(376, 2)]
    [InlineData(400, 3)]
    public void Sound_is_counted_alike(long frames, int segments) => SegmentGrid.ForAudio(4).Count(frames).ShouldBe(segments);

    [Fact]
    public void A_film_of_a_day_at_sixty_frames_is_no_problem()
    {
        var grid = SegmentGrid.ForVideo(new(60_000, 1001), 4);
        const long frames = 24L * 3600 * 60;
        grid.Start(grid.Count(frames)).ShouldBeGreaterThanOrEqualTo(frames);
        grid.Microseconds(frames).ShouldBe(86_486_400_000);
    }

    [Theory]
    [InlineData(25, 1, 1, 40_000)]
    [InlineData(24_000, 1001, 1, 41_708)] // 41708.33
    [InlineData(24_000, 1001, 2, 83_417)] // 83416.67
    [InlineData(60_000, 1001, 1, 16_683)] // 16683.33
    [InlineData(30, 1, 1, 33_333)]
    [InlineData(30, 1, 2, 66_667)]
    [InlineData(30, 1, 0, 0)]
    public void Instants_are_rounded_to_the_nearest_microsecond(long n, long d, long unit, long microseconds) =>
        SegmentGrid.ForVideo(new(n, d), 4).Microseconds(unit).ShouldBe(microseconds);

    [Fact]
    public void Grids_are_equal_by_what_they_say()
    {
        var grid = SegmentGrid.ForVideo(new(25, 1), 4);
        grid.ShouldBe(SegmentGrid.ForVideo(new(50, 2), 4));
        grid.GetHashCode().ShouldBe(SegmentGrid.ForVideo(new(25, 1), 4).GetHashCode());
        grid.ShouldNotBe(SegmentGrid.ForVideo(new(24, 1), 4));
        grid.ShouldNotBe(grid with { Step = 101 });
        grid.ShouldNotBe(grid with { Head = [0, 26, 50, 100] });
        grid.Equals(null).ShouldBeFalse();
    }

    [Theory]
    [InlineData(25, 1, 12_800, 512)]
    [InlineData(24_000, 1001, 24_000, 1001)]
    [InlineData(60_000, 1001, 60_000, 1001)]
    [InlineData(60, 1, 30_720, 512)]
    [InlineData(1000, 1, 1000, 1)]
    [InlineData(999, 1000, 511_488, 512_000)]
    [InlineData(1, 10, 512, 5120)]
    public void A_frame_is_a_whole_number_of_ticks(long n, long d, int timescale, int ticks)
    {
        var video = Samples.Video(new(n, d), 100);
        (video.Timescale, video.TicksPerUnit).ShouldBe((timescale, ticks));
        ((Int128)ticks * n).ShouldBe((Int128)video.Timescale * d);
    }

    private static void CheckInverse(SegmentGrid grid, long units)
    {
        var index = 0;
        for (long unit = 0; unit < units; unit++)
        {
            index += unit == grid.Start(index + 1) ? 1 : 0;
            if (grid.IndexOf(unit) != index)
            {
                grid.IndexOf(unit).ShouldBe(index, $"unit {unit} of {string.Join(',', grid.Head)} + {grid.Step}");
            }
        }

        for (var i = 0; i <= index; i++)
        {
            grid.IndexOf(grid.Start(i)).ShouldBe(i);
            grid.IndexOf(grid.Start(i + 1) - 1).ShouldBe(i);
            grid.Count(grid.Start(i + 1)).ShouldBe(i + 1);
            grid.Count(grid.Start(i) + 1).ShouldBe(i + 1);
        }
    }
}
