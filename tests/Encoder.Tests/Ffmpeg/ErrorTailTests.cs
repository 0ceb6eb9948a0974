using HlsCache.Encoder.Ffmpeg;

namespace HlsCache.Encoder.Tests.Ffmpeg;

public sealed class ErrorTailTests
{
    [Fact]
    public void Few_lines_are_kept_as_they_are()
    {
        var tail = new ErrorTail();
        tail.Add("one");
        tail.Add("");
        tail.Add("   ");
        tail.Add("two");
        tail.ToString().ShouldBe("one\ntwo");
    }

    [Fact]
    public void Of_many_lines_the_last_are_kept()
    {
        var tail = new ErrorTail();
        for (var i = 0; i < 1000; i++)
        {
            tail.Add($"line {i}");
        }

        tail.ToString().Split('\n').ShouldBe(Enumerable.Range(988, 12).Select(i => $"line {i}"));
    }

    [Fact]
    public void However_long_the_lines_are_little_is_kept()
    {
        var tail = new ErrorTail();
        for (var i = 0; i < 20; i++)
        {
            tail.Add(new string('x', 1_000_000));
        }

        tail.ToString().Length.ShouldBeLessThan(16_000);
    }

    [Fact]
    public void Nothing_said_is_nothing_kept() => new ErrorTail().ToString().ShouldBeEmpty();

    [Fact]
    public void Reports_of_progress_are_no_complaints()
    {
        var tail = new ErrorTail();
        foreach (var line in new[]
        {
            "frame=85", "fps=0.00", "stream_0_0_q=-1.0", "bitrate=N/A", "total_size=N/A", "out_time_us=3440000", "out_time_ms=3440000", "out_time=00:00:03.440000",
            "dup_frames=0", "drop_frames=0", "speed=6.5x", "progress=continue", "[frame @ 0x1] frame=no",
        })
        {
            tail.Add(line);
        }

        tail.ToString().ShouldBe("[frame @ 0x1] frame=no");
    }
}
