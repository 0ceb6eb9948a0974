using HlsCache.Core.Keys;
using HlsCache.Core.Plans;
using HlsCache.Encoder.Probing;

namespace HlsCache.Encoder.Planning;

/// <summary>Of all requests that make the same bytes of a film, finds the one under which they are encoded: what is private shares nothing. Pure.</summary>
public static class CanonicalRequest
{
    /// <param name="plan">The plan of <paramref name="request"/>.</param>
    public static PlayRequest Of(PlayRequest request, EncodePlan plan, SourceInfo info) => request.Private is not null ? request : request with
    {
        Quality = QualityOf(request.Quality, plan.Video, info),
        Audio = plan.Sound is { Track: var track } ? AudioChoice.OfTrack(track) : AudioChoice.None,
    };

    private static Quality QualityOf(Quality asked, VideoPlan? video, SourceInfo info)
    {
        if (video is null)
        {
            return Quality.AudioOnly;
        }

        // Of the source, not of the plan: made even or scaled down, 721 and 720 lines are both 720, but not as wide.
        var height = info.Videos.First(v => v.Stream == video.Stream).Height;
        return video.IsCopy || height > asked.MaxHeight ? asked : Quality.Keeping(height) ?? asked;
    }
}
