using System.Globalization;

namespace HlsCache.EndToEnd.Tests.Sources;

/// <summary>Measures media files.</summary>
internal static class Media
{
    /// <summary>Time stamps of a stream's packets in ticks, in the order in which they are shown.</summary>
    public static async Task<IReadOnlyList<long>> TicksAsync(string file, string stream) =>
        [.. (await Tool.FfprobeAsync("-select_streams", stream, "-show_entries", "packet=pts", file)).Select(l => long.Parse(l.TrimEnd(','), CultureInfo.InvariantCulture)).Order()];

    public static async Task<string> EntryAsync(string file, string stream, string entries) =>
        (await Tool.FfprobeAsync("-select_streams", stream, "-show_entries", $"stream={entries}", file))[0].TrimEnd(',');

    /// <summary>When the last frame of a source ends, in seconds from its first packet.</summary>
    public static async Task<double> EndAsync(string file, string stream)
    {
        var start = Number((await Tool.FfprobeAsync("-show_entries", "format=start_time", file))[0]);
        var packets = await Tool.FfprobeAsync("-select_streams", stream, "-show_entries", "packet=pts_time,duration_time,flags", file);
        return packets.Select(p => p.Split(',')).Where(p => p[0] != "N/A" && !p[2].Contains('D', StringComparison.Ordinal)).Max(p => Number(p[0]) + (p[1] == "N/A" ? 0 : Number(p[1]))) - start;
    }

    /// <summary>Decodes everything; an error of any kind fails.</summary>
    public static async Task DecodeAsync(string file) => (await Tool.FfmpegAsync("-xerror", "-i", file, "-f", "null", "-")).Errors.ShouldBeEmpty();

    /// <summary>How equal each frame is to the source's at the same instant, in dB.</summary>
    /// <param name="shift">Frames by which the source is moved, to see that this would show.</param>
    public static async Task<IReadOnlyList<double>> CompareAsync(string encoded, string source, string rate, int width, int height, int shift = 0)
    {
        // Both are compared frame by frame: the n-th of one with the n-th of the other, on a clock of its own.
        var clock = $"settb=AVTB,setpts=N/({rate})/TB";
        var (output, _) = await Tool.FfmpegAsync([
            "-i", encoded, "-i", source, "-lavfi",
            $"[0:v]{clock}[a];[1:v]fps=fps={rate}:start_time=0:round=near,scale={width}:{height},format=yuv420p,trim=start_frame={shift},{clock}[b];"
            + "[a][b]psnr=shortest=1:stats_file=-",
            "-f", "null", "/dev/null", .. AllStreams(1)]);
        return [.. System.Text.Encoding.ASCII.GetString(output).Split('\n').Where(l => l.StartsWith("n:", StringComparison.Ordinal)).Select(Decibels)];

        static double Decibels(string line)
        {
            var value = line.Split(' ').First(p => p.StartsWith("psnr_y:", StringComparison.Ordinal))["psnr_y:".Length..];
            return value == "inf" ? 100 : Number(value);
        }
    }

    /// <summary>Decoded sound: one channel, 48 kHz, from the film's start.</summary>
    public static async Task<short[]> SoundAsync(string file, string stream)
    {
        var (output, _) = await Tool.FfmpegAsync([
            "-i", file, "-map", $"0:{stream}", "-af", "aresample=48000:async=1:first_pts=0", "-ac", "1", "-f", "s16le", "-", .. AllStreams(0)]);
        var samples = new short[output.Length / sizeof(short)];
        Buffer.BlockCopy(output, 0, samples, 0, samples.Length * sizeof(short));
        return samples;
    }

    /// <summary>Mean brightness of each frame.</summary>
    public static async Task<byte[]> BrightnessAsync(string file) =>
        (await Tool.FfmpegAsync("-i", file, "-vf", "scale=1:1:flags=area,format=gray", "-fps_mode", "passthrough", "-f", "rawvideo", "-")).Output;

    /// <summary>Pitch of a steady tone in Hz, by counting how often it crosses zero in its second second.</summary>
    public static double Pitch(short[] sound)
    {
        var second = sound.AsSpan(48_000, 48_000);
        var rises = 0;
        for (var i = 1; i < second.Length; i++)
        {
            rises += second[i - 1] < 0 && second[i] >= 0 ? 1 : 0;
        }

        return rises;
    }

    /// <summary>Makes ffmpeg count from the start of the film: of a transport stream it would count from the first packet that it was asked for.</summary>
    private static string[] AllStreams(int input) => ["-map", $"{input}", "-c", "copy", "-f", "null", "/dev/null"];

    public static double Number(string text) => double.Parse(text.TrimEnd(','), CultureInfo.InvariantCulture);
}
