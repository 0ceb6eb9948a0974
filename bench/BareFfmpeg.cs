using System.Diagnostics;
using HlsCache.Core.Keys;
using HlsCache.Core.Plans;
using HlsCache.Encoder.Ffmpeg;
using HlsCache.Encoder.Mp4;
using HlsCache.Encoder.Planning;

namespace HlsCache.Bench;

/// <summary>The baseline: ffmpeg alone, with the same recipe and source, and nothing around it.</summary>
internal static class BareFfmpeg
{
    /// <summary>From its start to its first whole segment of 4 s, on a grid without short ones.</summary>
    public static async Task<TimeSpan> FirstSegmentAsync(string file, int height, CancellationToken cancellationToken)
    {
        var plan = Plan(file, height);
        var begun = Stopwatch.GetTimestamp();
        using var process = Start(FfmpegArguments.Video(file, plan, 0, null, threads: 0, unindexedStart: null));
        await foreach (var _ in new SegmentSplitter(plan.Video!).ReadAsync(process.StandardOutput.BaseStream, cancellationToken))
        {
            break;
        }

        var took = Stopwatch.GetElapsedTime(begun);
        await EndAsync(process);
        return took;
    }

    /// <summary>A whole encode of picture and sound to one ordinary file.</summary>
    public static async Task<TimeSpan> WholeAsync(string file, int height, CancellationToken cancellationToken)
    {
        var plan = Plan(file, height);
        var video = FfmpegArguments.Video(file, plan, 0, null, threads: 0, unindexedStart: null).TakeWhile(a => a != "-video_track_timescale").Where(a => a != "-an");
        var output = Path.Join(Path.GetTempPath(), $"hlscache-bench-{Guid.NewGuid():N}.mp4");
        var begun = Stopwatch.GetTimestamp();
        using var process = Start([.. video, "-map", "0:a:0", "-c:a", "aac", "-b:a", $"{plan.Sound!.Kilobits}k", "-ac", "2", "-y", output]);
        await process.WaitForExitAsync(cancellationToken);
        var took = Stopwatch.GetElapsedTime(begun);
        File.Delete(output);
        return process.ExitCode == 0 ? took : throw new InvalidOperationException("The baseline failed.");
    }

    private static EncodePlan Plan(string file, int height)
    {
        // The sample film: 1080p, 24 frames a second, 30 s.
        var rate = new Rational(24, 1);
        var step = (long)(rate.Value * 4);
        var profile = new EncodeProfile(EncodeProfile.CurrentRecipe, 4, "libx264", "veryfast", 23, 160);
        var width = height * 16 / 9;
        var kilobits = Quality.MaxKilobits(height);
        return new(
            1, "", "", file, "", "", "", profile,
            new(0, width, height, false, H264Level.For(width, height, rate, kilobits * 2), kilobits, new(rate, [0], step), 720),
            new(1, 0, null, profile.AudioKilobits, SegmentGrid.ForAudio(4), 1407),
            []);
    }

    private static Process Start(IEnumerable<string> arguments)
    {
        var process = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        // The recipe has it report its progress there.
        process.BeginErrorReadLine();
        return process;
    }

    private static async Task EndAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync();
    }
}
