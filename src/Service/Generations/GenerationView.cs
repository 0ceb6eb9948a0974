using HlsCache.Core.Entries;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Core.Work;

namespace HlsCache.Service.Generations;

/// <summary>What is known of a generation at an instant.</summary>
/// <param name="Plan">With lengths as far as the truth is known; null until the film is probed.</param>
/// <param name="Ready">Which blobs exist.</param>
/// <param name="Speed">Seconds of film encoded in a second.</param>
/// <param name="IsSealed">Whether everything exists.</param>
/// <param name="Error">Why it failed for good, or null.</param>
public sealed record GenerationView(GenerationId Id, EncodePlan? Plan, ReadySet Ready, double Speed, bool IsSealed, string? Error)
{
    public static GenerationView Sealed(GenerationId id, Manifest manifest) => new(
        id,
        manifest.Plan,
        new(
            manifest.Plan.Video is not null,
            IndexSet.Range(manifest.Plan.Find(Rendition.Video)?.Segments ?? 0),
            manifest.Plan.Sound is not null,
            IndexSet.Range(manifest.Plan.Find(Rendition.Audio)?.Segments ?? 0),
            IndexSet.Of(manifest.Plan.Subtitles.Index().Where(s => s.Item.Skipped is null).Select(s => s.Index))),
        0,
        IsSealed: true,
        null);

    /// <summary>Whether no encoder has begun.</summary>
    public bool IsQueued { get; init; }

    /// <summary>Segments that exist and segments planned, of all renditions.</summary>
    public (int Ready, int Total) Count() => Plan is null
        ? (0, 0)
        : (Plan.Renditions().Sum(r => Ready.Segments(r.Rendition).Gaps(r.Segments).Aggregate(r.Segments, (n, gap) => n - (gap.End - gap.First))),
           Plan.Renditions().Sum(r => r.Segments));
}
