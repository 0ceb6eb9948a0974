namespace HlsCache.EndToEnd.Tests.Sources;

/// <summary>
/// How sources of many kinds are made. Their picture is a smooth slope, so that it survives encoding well, whose brightness jumps from each
/// frame to the next, so that a frame in the wrong place shows at once.
/// </summary>
internal static class SourceKinds
{
    private static readonly string[] H264 = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "12"];
    private static readonly string[] Aac = ["-c:a", "aac"];

    // Each of a second's first fifth, from the second second on.
    private static readonly string[] FlashAndBeep =
    [
        "-f", "lavfi", "-i", "color=black:s=320x180:r=25:d=6,drawbox=color=white:t=fill:enable='gte(t,1)*lt(mod(t,1),0.2)'",
        "-f", "lavfi", "-i", "aevalsrc='if(gte(t,1)*lt(mod(t,1),0.2),sin(2*PI*1000*t),0)':s=48000:d=6",
    ];

    private static readonly Dictionary<string, Func<string, string, IEnumerable<string>>> Kinds = new(StringComparer.Ordinal)
    {
        // Arguments before the output, given the folder of other sources.
        ["h264-25.mp4"] = (_, _) => [.. Picture("25", 8.5), .. Tone(8.5), .. H264, .. Aac],
        ["h264-23.976.mkv"] = (_, _) => [.. Picture("24000/1001", 8), .. Tone(8), "-c:v", "libx264", "-preset", "fast", "-crf", "12", "-g", "71", "-x264-params", "open-gop=1", .. Aac],
        ["h264-29.97-pcm.mov"] = (_, _) => [.. Picture("30000/1001", 8), .. Tone(8), .. H264, "-c:a", "pcm_s16le"],
        ["vp9-30.webm"] = (_, _) => [.. Picture("30", 8), .. Tone(8), "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "3M", "-c:a", "libopus"],
        ["h264-25.ts"] = (_, _) => [.. Picture("25", 8), .. Tone(8), .. H264, .. Aac],
        ["hevc10-24-surround.mkv"] = (_, _) =>
        [
            .. Picture("24", 8), "-f", "lavfi", "-i", "sine=440:r=48000:d=8,pan=5.1|FL=c0|FR=c0|FC=c0|LFE=c0|BL=c0|BR=c0",
            "-c:v", "libx265", "-preset", "ultrafast", "-crf", "12", "-x265-params", "log-level=none", "-pix_fmt", "yuv420p10le", "-c:a", "ac3",
        ],
        ["mpeg4-25.avi"] = (_, _) => [.. Picture("25", 8), .. Tone(8), "-c:v", "mpeg4", "-q:v", "2", "-c:a", "libmp3lame"],
        ["mpeg2-25-wide-pixels.mpg"] = (_, _) => [.. Picture("25", 8, ",setdar=2.21"), .. Tone(8), "-c:v", "mpeg2video", "-b:v", "4M", "-c:a", "mp2"],
        ["h264-60-mono.mp4"] = (_, _) => [.. Picture("60", 6), .. Tone(6), .. H264, .. Aac, "-ac", "1"],
        ["h264-25.flv"] = (_, _) => [.. Picture("25", 6), .. Tone(6), .. H264, .. Aac],
        ["theora-25.ogv"] = (_, _) => [.. Picture("25", 6), .. Tone(6), "-c:v", "libtheora", "-q:v", "10", "-c:a", "libvorbis"],
        ["wmv-25.wmv"] = (_, _) => [.. Picture("25", 6), .. Tone(6), "-c:v", "wmv2", "-q:v", "2", "-c:a", "wmav2"],
        ["variable.mkv"] = (_, _) => [.. Picture("25", 8, ",select='not(eq(mod(n,5),3))+lt(n,60)'"), .. Tone(8), "-fps_mode", "vfr", .. H264, .. Aac],
        ["plain.mp4"] = (_, _) => [.. Picture("25", 6), .. Tone(6), .. H264, "-g", "50", .. Aac],
        ["rotated.mp4"] = (folder, _) => ["-i", Path.Join(folder, "plain.mp4"), "-c", "copy", "-metadata:s:v", "rotate=90"],
        ["odd-444.mkv"] = (_, _) => [.. Picture("25", 6, ",scale=321:181,setsar=1,format=yuv444p"), .. Tone(6), .. H264, .. Aac],
        ["starts-at-5.3.mkv"] = (folder, _) => ["-itsoffset", "5.3", "-i", Path.Join(folder, "plain.mp4"), "-c", "copy", "-copyts"],
        ["edit-list.mp4"] = (folder, _) => ["-ss", "1.3", "-i", Path.Join(folder, "plain.mp4"), "-c", "copy"],
        ["three-tracks.mkv"] = (_, _) =>
        [
            .. Picture("25", 6), .. Tone(6, 440), .. Tone(6, 660), .. Tone(6, 880), "-map", "0", "-map", "1", "-map", "2", "-map", "3", .. H264, .. Aac,
            "-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu", "-metadata:s:a:2", "language=fra",
            "-disposition:a:0", "0", "-disposition:a:1", "default", "-disposition:a:2", "0",
        ],
        ["silent.mp4"] = (_, _) => [.. Picture("25", 6), .. H264],
        ["short-sound.mp4"] = (_, _) => [.. Picture("25", 8), .. Tone(5), .. H264, .. Aac],
        ["late-sound.ts"] = (_, _) => [.. Picture("25", 6), "-itsoffset", "1.5", .. Tone(4), .. H264, .. Aac],
        ["late-picture.ts"] = (_, _) => ["-itsoffset", "1.5", .. Picture("25", 4), .. Tone(6), .. H264, .. Aac],
        ["picture-23-ms-late.mov"] = (_, _) => ["-itsoffset", "0.023", .. Picture("25", 6), .. Tone(6.023), .. H264, "-c:a", "pcm_s16le"],
        ["late-sound.mkv"] = (_, _) => [.. Picture("25", 6), "-itsoffset", "1.5", .. Tone(4), .. H264, .. Aac],
        ["music.mp3"] = (_, _) => [.. Tone(9), "-c:a", "libmp3lame"],
        ["music.m4a"] = (_, _) => [.. Tone(9), .. Aac],
        ["cover.mp3"] = (_, _) =>
        [
            .. Tone(9), "-f", "lavfi", "-i", "color=s=64x64:d=1", "-map", "0", "-map", "1", "-frames:v", "1", "-c:a", "libmp3lame", "-c:v", "mjpeg",
            "-disposition:v", "attached_pic",
        ],
        ["long.mkv"] = (_, _) => [.. Picture("25", 12), .. Tone(12), .. H264, .. Aac],
        ["long.mp4"] = (folder, _) => ["-i", Path.Join(folder, "long.mkv"), "-c", "copy", "-movflags", "+faststart"],
        ["subtitles.mkv"] = (_, subtitle) =>
            [.. Picture("25", 6), .. Tone(6), "-i", subtitle, "-i", subtitle, "-map", "0", "-map", "1", "-map", "2", "-map", "3", .. H264, .. Aac,
                "-c:s:0", "srt", "-c:s:1", "ass", "-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "title=Styled"],
        ["subtitles.mp4"] = (_, subtitle) =>
            [.. Picture("25", 6), .. Tone(6), "-i", subtitle, "-map", "0", "-map", "1", "-map", "2", .. H264, .. Aac, "-c:s", "mov_text", "-metadata:s:s:0", "language=deu"],
        ["flash.mp4"] = (_, _) => [.. FlashAndBeep, .. H264, .. Aac],
        ["flash.ts"] = (_, _) => [.. FlashAndBeep, .. H264, .. Aac],
        ["flash-pcm.mov"] = (_, _) => [.. FlashAndBeep, .. H264, "-c:a", "pcm_s16le"],
        ["flash-starts-at-5.3.mkv"] = (folder, _) => ["-itsoffset", "5.3", "-i", Path.Join(folder, "flash-pcm.mov"), "-c", "copy", "-copyts"],
        ["flash-edit-list.mp4"] = (folder, _) => ["-ss", "0.9", "-i", Path.Join(folder, "flash.mp4"), "-c", "copy"],
    };

    /// <summary>Other sources that this one is made from.</summary>
    public static string? Needs(string name) => name switch
    {
        "rotated.mp4" or "starts-at-5.3.mkv" or "edit-list.mp4" => "plain.mp4",
        "long.mp4" => "long.mkv",
        "flash-starts-at-5.3.mkv" => "flash-pcm.mov",
        "flash-edit-list.mp4" => "flash.mp4",
        _ => null,
    };

    public static IEnumerable<string> Arguments(string name, string folder, string subtitle) => Kinds[name](folder, subtitle);

    private static string[] Picture(string rate, double seconds, string more = "") =>
    [
        "-f", "lavfi", "-i",
        $"color=s=160x90:r={rate}:d={seconds},format=yuv420p,geq=lum='40+X*90/160+Y*30/90+mod(N*11,64)':cb='110+X*30/160':cr='110+Y*30/90',scale=320:180{more}",
    ];

    private static string[] Tone(double seconds, int hertz = 440) => ["-f", "lavfi", "-i", $"sine={hertz}:r=48000:d={seconds}"];
}
