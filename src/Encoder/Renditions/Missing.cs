using HlsCache.Core.Plans;
using HlsCache.Core.Segments;

namespace HlsCache.Encoder.Renditions;

/// <summary>What of a rendition is still to be encoded. Pure.</summary>
public static class Missing
{
    /// <summary>The ranges to encode, as [first, end). An end of null is the film's, wherever that proves to be.</summary>
    /// <param name="rendition">As it is planned, or with its true length.</param>
    /// <param name="isEndKnown">Whether that length is the true one; else the last range looks for what there may be behind the last segment.</param>
    public static IEnumerable<(int First, int? End)> Of(IRenditionPlan rendition, IndexSet ready, bool isEndKnown)
    {
        // A film that proved longer than it claimed has segments behind its planned ones.
        var count = isEndKnown ? rendition.Segments : Math.Max(rendition.Segments, ready.End);
        var gaps = ready.Gaps(count).ToList();
        if (isEndKnown && gaps.Count == 0)
        {
            return [];
        }

        if (!rendition.CanStartAnywhere)
        {
            return [(0, null)];
        }

        var tail = gaps is [.., var last] && last.End == count ? last.First : count;
        var inner = gaps.Where(g => g.End < tail).Select(g => (g.First, (int?)g.End));
        return tail == count && isEndKnown ? inner : inner.Append((tail, null));
    }
}
