namespace HlsCache.Encoder.Probing;

/// <summary>What ffprobe says of a film. Times are in seconds from the film's first packet.</summary>
public sealed record SourceInfo(IReadOnlyList<VideoTrack> Videos, IReadOnlyList<AudioTrack> Audios, IReadOnlyList<SubtitleTrack> Subtitles)
{
    /// <summary>Time stamp of the film's first packet in seconds: what the container's own times are counted from.</summary>
    public required double Start { get; init; }

    /// <summary>Whether ffmpeg can begin in the middle: an MPEG-TS has no index, and seeking in one lands on a later keyframe without a word.</summary>
    public required bool Seekable { get; init; }

    /// <summary><see cref="Start"/> where it has to be told to ffmpeg, which is where there is no index; else null.</summary>
    public double? UnindexedStart => Seekable ? null : Start;
}
