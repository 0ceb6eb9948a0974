using HlsCache.Core.Plans;

namespace HlsCache.Core.Segments;

/// <summary>Which blobs a sealed generation must have.</summary>
public static class SealedBlobs
{
    public static IEnumerable<string> Of(EncodePlan plan)
    {
        foreach (var rendition in plan.Renditions())
        {
            yield return BlobNames.Init(rendition.Rendition);
            for (var i = 0; i < rendition.Segments; i++)
            {
                yield return BlobNames.Segment(rendition.Rendition, i);
            }
        }

        foreach (var (index, track) in plan.Subtitles.Index())
        {
            if (track.Skipped is null)
            {
                yield return BlobNames.Subtitle(index);
            }
        }
    }
}
