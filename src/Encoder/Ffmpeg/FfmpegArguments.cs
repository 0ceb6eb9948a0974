using System.Globalization;
using HlsCache.Core.Plans;
using HlsCache.Encoder.Planning;

namespace HlsCache.Encoder.Ffmpeg;

/// <summary>The command lines, as pure functions. Each flag was measured; what it prevents stands beside it.</summary>
public static class FfmpegArguments
{
    // A playlist or concat script that poses as a film must not make ffmpeg open other files or hosts.
    private const string Demuxers =
        "mov,matroska,mpegts,mpeg,avi,flv,asf,ogg,mp3,aac,flac,wav,w64,aiff,mpegvideo,h264,hevc,m4v,mxf,rm,nut,ac3,eac3,dts,amr,gxf,dv,nsv,wtv";

    // Seeking lands on a keyframe before the instant asked for; one second more makes sure that the first frame wanted is decoded.
    private const double PrerollSeconds = 1;

    /// <summary>Segments [first, end) of a rendition, or all of one that cannot start anywhere, as fragmented MP4 on standard output.</summary>
    public static IReadOnlyList<string> Of(IRenditionPlan rendition, string input, EncodePlan plan, int first, int? end, int threads, double? unindexedStart) => rendition switch
    {
        VideoPlan { IsCopy: true } => Copy(input, plan, unindexedStart),
        VideoPlan => Video(input, plan, first, end, threads, unindexedStart),
        _ => Audio(input, plan, first, end, unindexedStart),
    };

    /// <summary>Frames from segment <paramref name="first"/> up to segment <paramref name="end"/> (null: the film's end) as fragmented MP4 on standard output.</summary>
    /// <param name="unindexedStart">First time stamp of a source without an index, in seconds; null for others, in which an encode can begin in the middle.</param>
    public static IReadOnlyList<string> Video(string input, EncodePlan plan, int first, int? end, int threads, double? unindexedStart)
    {
        var video = plan.Video!;
        var rate = video.Grid.Rate;
        var from = video.Grid.Start(first);
        long? to = end is { } e ? video.Grid.Start(e) : null;
        var seek = unindexedStart is null ? Math.Max(0, (from / rate.Value) - PrerollSeconds) : 0;
        return
        [
            .. Common,
            .. Clock(unindexedStart),
            .. seek > 0 ? new[] { "-ss", Number(seek) } : [],
            .. to is { } t ? new[] { "-t", Number((t / rate.Value) - seek + PrerollSeconds) } : [],
            .. Input(input),
            "-map", $"0:{video.Stream}", "-an", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1",
            "-vf", Filters(video, rate, seek, from, to),
            "-fps_mode", "passthrough", "-enc_time_base", $"{rate.Denominator}:{rate.Numerator}",
            "-c:v", plan.Profile.VideoCodec, "-preset", plan.Profile.Preset, "-crf", Number(plan.Profile.Crf),
            "-maxrate", $"{video.MaxKilobits}k", "-bufsize", $"{video.MaxKilobits * Planner.BufferSeconds}k",
            "-profile:v", "high", "-level:v", Number(video.Level / 10.0), "-pix_fmt", "yuv420p",
            "-g", Number(video.Grid.Longest), "-keyint_min", Number(video.Grid.Longest), "-sc_threshold", "0",
            "-force_key_frames", $"expr:{Keyframes(video.Grid, from)}",
            // Without a pyramid, players built on ffmpeg show sound and picture one frame apart at most instead of two.
            "-x264-params", "open-gop=0:scenecut=0:b-pyramid=none", "-flags", "+cgop",
            .. threads > 0 ? new[] { "-threads", Number(threads) } : [],
            "-fflags", "+bitexact", "-video_track_timescale", Number(video.Timescale), "-avoid_negative_ts", "disabled",
            // frag_discont keeps absolute decode times; negative_cts_offsets keeps the first one from becoming negative.
            "-f", "mp4", "-movflags", "+empty_moov+frag_keyframe+default_base_moof+negative_cts_offsets+frag_discont", "pipe:1",
        ];
    }

    /// <summary>The whole picture as it is in the source, as fragmented MP4 on standard output, a fragment from each keyframe to the next.</summary>
    public static IReadOnlyList<string> Copy(string input, EncodePlan plan, double? unindexedStart) =>
    [
        .. Common,
        .. Clock(unindexedStart),
        .. Input(input),
        "-map", $"0:{plan.Video!.Stream}", "-an", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1",
        "-c:v", "copy", "-fflags", "+bitexact", "-avoid_negative_ts", "disabled",
        "-f", "mp4", "-movflags", "+empty_moov+frag_keyframe+default_base_moof+negative_cts_offsets+frag_discont", "pipe:1",
    ];

    /// <summary>Sound from segment <paramref name="first"/> up to segment <paramref name="end"/> (null: the film's end) as fragmented MP4 on standard output.</summary>
    /// <remarks>What is encoded around the range is to be dropped: the segment before it, and at its end the next one's first frames.</remarks>
    public static IReadOnlyList<string> Audio(string input, EncodePlan plan, int first, int? end, double? unindexedStart)
    {
        var sound = plan.Sound!;
        var from = sound.Grid.Start(Math.Max(0, first - sound.PrerollSegments));
        long? to = end is { } e ? sound.Grid.Start(e) : null;
        return
        [
            .. Common,
            .. Clock(unindexedStart),
            // Read from the film's start: decoding is quick (1200 times as fast as playing), and behind a seek the samples would not be cut as before.
            .. to is { } t ? new[] { "-t", Number((t / sound.Grid.Rate.Value) + PrerollSeconds) } : [],
            .. Input(input),
            "-map", $"0:{sound.Stream}", "-vn", "-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1",
            // Drops as much as the encoder's priming adds, so that sound and picture both start at 0 without an edit list.
            "-af", $"aresample={AudioPlan.SampleRate}:async=1:first_pts=0,atrim=start_pts={Samples(from + 1)}{(to is { } o ? $":end_pts={Samples(o + 1)}" : "")}",
            "-c:a", "aac", "-b:a", $"{sound.Kilobits}k", "-ac", "2", "-fflags", "+bitexact", "-flags:a", "+bitexact",
            "-avoid_negative_ts", "disabled", "-frag_duration", Number(plan.Profile.SegmentSeconds * 1_000_000),
            "-f", "mp4", "-movflags", "+empty_moov+default_base_moof+frag_discont", "pipe:1",
        ];
    }

    /// <summary>Subtitle streams to WebVTT files, which exist, in one pass over the source.</summary>
    public static IReadOnlyList<string> Subtitles(string input, IEnumerable<(int Stream, string File)> tracks, double? unindexedStart) =>
    [
        .. Common,
        .. Clock(unindexedStart),
        "-y",
        .. Input(input),
        .. tracks.SelectMany(t => new[] { "-map", $"0:{t.Stream}", "-c:s", "webvtt", "-avoid_negative_ts", "disabled", "-f", "webvtt", t.File }),
    ];

    /// <summary>ffprobe: everything about the container and its streams, as JSON.</summary>
    public static IReadOnlyList<string> Probe(string input) =>
        ["-v", "error", "-show_format", "-show_streams", "-of", "json", .. Input(input)];

    /// <summary>Times, size in bytes and flags of every packet of a stream, in decoding order, one line each on standard output.</summary>
    public static IReadOnlyList<string> Packets(string input, int stream) =>
    [
        // ffprobe would end a read that broke off without a word.
        .. Common, "-copyts", .. Input(input),
        "-map", $"0:{stream}", "-c", "copy", "-copyinkf", "-avoid_negative_ts", "disabled", "-f", "framecrc", "pipe:1",
    ];

    // Signs of life on standard error, also while nothing comes out yet.
    private static IEnumerable<string> Common => ["-v", "error", "-nostdin", "-progress", "pipe:2", "-stats_period", "5"];

    /// <summary>Counts time stamps from the source's start: the same frame has the same time in every process.</summary>
    private static string[] Clock(double? unindexedStart) => unindexedStart is { } start
        // In an MPEG stream -start_at_zero counts from the first packet of the streams in use, which would move sound against picture. So would
        // ffmpeg's correction of an offset that is exactly the start, hence the microsecond.
        ? ["-copyts", "-itsoffset", Number(0.000001 - start)]
        : ["-copyts", "-start_at_zero"];

    private static IEnumerable<string> Input(string input) => input.StartsWith("http:", StringComparison.Ordinal)
        // An empty proxy is none, whatever the environment says: what is served on this machine must not leave it.
        ? ["-protocol_whitelist", "http,tcp", "-format_whitelist", Demuxers, "-http_proxy", "", "-i", input]
        : ["-protocol_whitelist", "file", "-format_whitelist", Demuxers, "-i", $"file:{input}"];

    private static long Samples(long frames) => frames * AudioPlan.SamplesPerFrame;

    private static string Filters(VideoPlan video, Rational rate, double seek, long from, long? to)
    {
        var deinterlace = video.Deinterlace ? "yadif=mode=send_frame:deint=interlaced," : "";
        // Frames are cut by whole numbers on the absolute grid: no rounding decides where a segment ends.
        var end = to is { } t ? $":end_pts={t}" : "";
        return $"{deinterlace}fps=fps={rate}:start_time={Number(seek)}:round=near,trim=start_pts={from}{end},"
            + $"scale={video.Width}:{video.Height},setsar=1";
    }

    /// <summary>Where keyframes go. ffmpeg's n restarts at 0 in every process, so the grid is shifted by the range's first frame.</summary>
    private static string Keyframes(SegmentGrid grid, long from)
    {
        var ramp = grid.Head.SkipLast(1).Where(b => b >= from).Select(b => $"eq(n,{b - from})");
        var start = grid.Head[^1] - from;
        // A range that begins behind the ramp begins on a boundary, so counting from its own first frame is the same.
        var regular = start > 0 ? $"gte(n,{start})*eq(mod(n-{start},{grid.Step}),0)" : $"eq(mod(n,{grid.Step}),0)";
        return string.Join('+', ramp.Append(regular));
    }

    private static string Number(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
