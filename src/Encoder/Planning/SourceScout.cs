using System.Text.Json;
using HlsCache.Core;
using HlsCache.Core.Entries;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Core.Sources;
using HlsCache.Encoder.Probing;

namespace HlsCache.Encoder.Planning;

/// <summary>Finds and probes the source of a generation, and plans it unless an earlier attempt did.</summary>
public sealed class SourceScout(SourceCatalog sources, Prober prober, ISegmentStore segments)
{
    public async Task<ScoutReport> LookAsync(Entry entry, CancellationToken cancellationToken)
    {
        if (await sources.FindAsync(entry.Request.Source, cancellationToken) is not { } source)
        {
            return new(null, "The source no longer exists.");
        }

        if (source.Stamp != entry.Stamp)
        {
            return new(null, "The source was replaced while its encode was waiting; play it again.");
        }

        var probe = await prober.ProbeAsync(source, cancellationToken);
        if (probe.Info is not { } info)
        {
            return new(null, probe.Refusal);
        }

        var outcome = await PlanAsync(entry, info, cancellationToken);
        return outcome.Plan is { } plan ? new(new(source, info, plan), null) : new(null, outcome.Refusal);
    }

    private async Task<PlanOutcome> PlanAsync(Entry entry, SourceInfo info, CancellationToken cancellationToken) =>
        entry.Planned
        && await segments.ReadAsync(entry.Id, BlobNames.Plan, cancellationToken) is { } json
        && JsonSerializer.Deserialize(json, CoreJson.Default.EncodePlan) is { } plan
            ? PlanOutcome.Of(plan)
            : Planner.Plan(entry, info);
}
