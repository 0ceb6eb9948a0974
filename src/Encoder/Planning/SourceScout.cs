using HlsCache.Core;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Core.Sources;
using HlsCache.Encoder.Probing;
using HlsCache.Encoder.Repairs;

namespace HlsCache.Encoder.Planning;

/// <summary>Finds and probes the source of a generation, and plans it unless an earlier attempt did.</summary>
public sealed class SourceScout(SourceCatalog sources, Prober prober, ISegmentStore segments)
{
    /// <exception cref="EncodeException">The source could not be read this time, which says nothing of the film.</exception>
    public async Task<ScoutReport> LookAsync(Entry entry, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Spans.StartActivity("look at source");
        if (await sources.FindAsync(entry.Request.Source, cancellationToken) is not { } source)
        {
            return await IsMountedAsync(entry.Request.Source.Root, cancellationToken)
                ? new(null, "The source no longer exists.")
                : throw new EncodeException("The source cannot be reached: nothing is where it was.");
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

        var damaged = await FindDamagedAsync(entry, cancellationToken);
        var outcome = await PlanAsync(entry, source, info, damaged, cancellationToken);
        return outcome.Plan is { } plan ? new(new(source, info, plan) { Damaged = damaged }, null) : new(null, outcome.Refusal);
    }

    /// <summary>Whether the root shows any film. A share that is not mounted is an empty directory.</summary>
    private async Task<bool> IsMountedAsync(string root, CancellationToken cancellationToken) =>
        await sources.ListAsync($"/{root}/", null, cancellationToken).AnyAsync(cancellationToken);

    private async Task<PlanOutcome> PlanAsync(Entry entry, SourceFile source, SourceInfo info, Manifest? damaged, CancellationToken cancellationToken) =>
        entry.Planned
        && await segments.ReadAsync(entry.Id, BlobNames.Plan, cancellationToken) is { } json
        && EncodePlan.Read(json) is { } plan
            ? PlanOutcome.Of(plan)
            // As it came out: nothing is left to be found out.
            : damaged is not null ? PlanOutcome.Of(damaged.Plan with { Generation = entry.Id.Generation.Value })
            : Planner.Plan(entry, info, await SurveyAsync(entry, source, info, cancellationToken));

    /// <summary>The seal of the generation that this one repairs; null when there is nothing to be taken from it.</summary>
    private async Task<Manifest?> FindDamagedAsync(Entry entry, CancellationToken cancellationToken) =>
        entry.RepairOf is { } damaged
        && await segments.ReadAsync(entry.Id with { Generation = damaged }, BlobNames.Complete, cancellationToken) is { } json
        && Manifest.Read(json) is { } seal && RepairPolicy.MayTakeFrom(seal, entry)
            ? seal
            : null;

    /// <summary>Looks whether the original picture can be served as it is; null when it was not asked for or cannot be.</summary>
    private async Task<VideoPlan?> SurveyAsync(Entry entry, SourceFile source, SourceInfo info, CancellationToken cancellationToken)
    {
        if (entry.Request.Quality != Quality.Original || info.Videos is not [{ Playable: { } codec } track, ..])
        {
            return null;
        }

        var survey = new CopySurvey(info.Start, entry.Profile.SegmentSeconds);
        await prober.ReadPacketsAsync(source, track.Stream, survey.Add, cancellationToken);
        return survey.Finish(FrameRate.Choose(track.Rate, track.AverageRate)) is var (grid, units, kilobits)
            ? new(track.Stream, track.Width, track.Height, Deinterlace: false, Level: 0, kilobits, grid, units) { CopiedCodec = codec }
            : null;
    }
}
