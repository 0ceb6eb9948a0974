using HlsCache.Core.Entries;
using HlsCache.Core.Plans;
using HlsCache.Core.Work;

namespace HlsCache.Functions.Generations;

/// <summary>Puts together what rows and documents say of a generation.</summary>
public sealed class GenerationReader(IEntryStore entries, IWorkStore work, GenerationCache cache)
{
    /// <summary>The generation as it is now, or null when it is gone.</summary>
    public async Task<GenerationView?> ReadAsync(GenerationId id, CancellationToken cancellationToken)
    {
        if (cache.RememberedManifest(id) is { } manifest)
        {
            return GenerationView.Sealed(id, manifest);
        }

        var reports = work.ReadAsync(id, cancellationToken);
        var entry = await entries.FindAsync(id, cancellationToken);
        return entry is null || entry.State == EntryState.Evicting ? null : await ViewAsync(entry, await reports, cancellationToken);
    }

    private async Task<GenerationView?> ViewAsync(Entry entry, IReadOnlyList<WorkReport> reports, CancellationToken cancellationToken)
    {
        if (entry.State == EntryState.Complete)
        {
            return await cache.ManifestAsync(entry.Id, cancellationToken) is { } manifest ? GenerationView.Sealed(entry.Id, manifest) : null;
        }

        var plan = entry.Planned ? await cache.PlanAsync(entry.Id, cancellationToken) : null;
        return new(
            entry.Id,
            plan is null ? null : Corrected(plan, entry),
            reports.Aggregate(ReadySet.Empty, (all, report) => all.Union(report.Ready)),
            reports.Sum(r => r.Speed),
            IsSealed: false,
            entry.State == EntryState.Failed ? entry.Error ?? "The encode failed." : null);
    }

    private static EncodePlan Corrected(EncodePlan plan, Entry entry)
    {
        plan = plan.Video is null ? plan : plan.WithUnits(Rendition.Video, entry.VideoUnits);
        return plan.Sound is null ? plan : plan.WithUnits(Rendition.Audio, entry.AudioUnits);
    }
}
