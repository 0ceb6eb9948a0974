namespace HlsCache.Core.Plans;

/// <summary>What will exist of a generation, decided by the probe before the first frame is encoded. Stored as <c>plan.json</c>.</summary>
/// <param name="Version">Version of this document's form.</param>
/// <param name="Source">Virtual path of the film.</param>
/// <param name="Stamp">Identity of the film's bytes when it was probed.</param>
/// <param name="Profile">Settings that it is encoded with.</param>
public sealed record EncodePlan(
    int Version,
    string Key,
    string Generation,
    string Source,
    string Quality,
    string Audio,
    string Stamp,
    EncodeProfile Profile,
    VideoPlan? Video,
    AudioPlan? Sound,
    IReadOnlyList<SubtitlePlan> Subtitles)
{
    public const int CurrentVersion = 1;

    /// <summary>The plan that was stored; null when it is damaged or of another version.</summary>
    public static EncodePlan? Read(byte[] json) => StoredDocument.Read(json, CoreJson.Default.EncodePlan, IsWhole);

    /// <summary>Whether a plan that was read has all that a plan of this version has: what a document lacks is null or zero without a word.</summary>
    internal static bool IsWhole(EncodePlan plan) =>
        plan is { Version: CurrentVersion, Profile: not null, Subtitles: not null }
        && !plan.Subtitles.Contains(null!)
        && plan.Renditions().Any()
        && plan.Renditions().All(r => r.Grid is { Rate.Numerator: > 0, Head.Count: > 0, Step: > 0 });

    /// <summary>Length of the longest rendition in seconds.</summary>
    public double Seconds() => Renditions().Max(r => r.Seconds);

    /// <summary>The renditions that exist, the one that carries the timeline first.</summary>
    public IEnumerable<IRenditionPlan> Renditions()
    {
        if (Video is not null)
        {
            yield return Video;
        }

        if (Sound is not null)
        {
            yield return Sound;
        }
    }

    public IRenditionPlan? Find(Rendition rendition) => rendition == Rendition.Video ? Video : Sound;

    /// <summary>The same plan with a rendition as long as it came out.</summary>
    public EncodePlan WithUnits(Rendition rendition, long units) => rendition == Rendition.Video
        ? this with { Video = Video! with { Units = units } }
        : this with { Sound = Sound! with { Units = units } };
}
