using HlsCache.Encoder.Mp4;

namespace HlsCache.Encoder.Renditions;

/// <summary>What ended a run.</summary>
/// <param name="Reached">Unit of the rendition's grid before which its output ended.</param>
public abstract record RunEnd(long Reached)
{
    /// <summary>It came to the segment before which it was to end, or was stopped before that one: whole segments only.</summary>
    public sealed record Stopped(long Reached) : RunEnd(Reached);

    /// <summary>The source gave no more.</summary>
    /// <param name="Tail">The last segment where it is not whole; it is not published yet.</param>
    /// <param name="IsPlanned">Whether that is where the plan has the end. If not, the source may as well have broken off: <see cref="EndConfirmer"/>.</param>
    /// <param name="ExitCode">ffmpeg's.</param>
    /// <param name="Said">What ffmpeg complained of, fit to show.</param>
    public sealed record SourceEnded(long Reached, MediaSegment? Tail, bool IsPlanned, int ExitCode, string Said) : RunEnd(Reached);

    /// <summary>ffmpeg was ended from outside, or could not read the source: nothing that it said of the film counts.</summary>
    /// <param name="Reason">A sentence for the viewer.</param>
    public sealed record Failed(long Reached, string Reason) : RunEnd(Reached);
}
