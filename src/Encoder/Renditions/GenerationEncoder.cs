using System.Text.Json;
using HlsCache.Core;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Repairs;

namespace HlsCache.Encoder.Renditions;

/// <summary>Encodes all that a generation consists of, side by side.</summary>
public sealed class GenerationEncoder(
    RenditionEncoder renditions, SubtitleExtractor subtitles, GenerationRepairer repairer, ISegmentStore segments)
{
    /// <summary>Publishes the plan and everything in it that is missing; returns the plan as it came out.</summary>
    public async Task<EncodePlan> EncodeAsync(EncodeContext context, CancellationToken cancellationToken)
    {
        var claim = context.Claim;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var plan = await PublishPlanAsync(claim, context.Plan, cancellationToken);
        context = context with { Film = context.Film with { Plan = plan } };
        var tell = TellAsync();
        if (context.Film.Damaged is not null)
        {
            // Viewers get their playlists before all is copied.
            await tell;
            await repairer.RestoreAsync(claim, context, stop.Token);
        }

        var encodes = plan.Renditions()
            .Select(async r => (r.Rendition, Units: await renditions.EncodeAsync(context, r, stop.Token)))
            .ToList();
        var extract = ExtractAsync();
        await AllOrNoneAsync([tell, extract, .. encodes], stop);

        foreach (var encode in encodes)
        {
            var (rendition, units) = await encode;
            plan = plan.WithUnits(rendition, units);
        }

        return plan with { Subtitles = await extract };

        async Task TellAsync()
        {
            if (!claim.Current.Planned && !await claim.UpdateAsync(e => e.WithLengths(plan) with { Planned = true }, stop.Token))
            {
                throw new OperationCanceledException($"{claim.Current.Id} was taken over before its encode.");
            }
        }

        // The first frame comes first: reading the whole source for subtitles would slow it down.
        async Task<IReadOnlyList<SubtitlePlan>> ExtractAsync()
        {
            // An encode that has nothing left to do has no first segment.
            await await Task.WhenAny(context.Progress.FirstSegment.WaitAsync(stop.Token), encodes[0]);
            return await subtitles.ExtractAsync(context, stop.Token);
        }
    }

    /// <summary>Stores the plan and returns the one in force: that of an earlier attempt, whose segments are there, goes before ours.</summary>
    private async Task<EncodePlan> PublishPlanAsync(ClaimedEntry claim, EncodePlan plan, CancellationToken cancellationToken)
    {
        var id = claim.Current.Id;
        if (claim.Current.Planned
            || await segments.PutAsync(id, BlobNames.Plan, JsonSerializer.SerializeToUtf8Bytes(plan, CoreJson.Default.EncodePlan), cancellationToken) == PutResult.Stored)
        {
            return plan;
        }

        var stored = await segments.ReadAsync(id, BlobNames.Plan, cancellationToken) ?? throw new OperationCanceledException($"{id} was reclaimed before its encode.");
        return JsonSerializer.Deserialize(stored, CoreJson.Default.EncodePlan) ?? throw new EncodeException("The plan of an earlier attempt cannot be read.");
    }

    /// <summary>Waits for all; when one fails, the others are stopped before its exception is passed on.</summary>
    private static async Task AllOrNoneAsync(IReadOnlyCollection<Task> tasks, CancellationTokenSource stop)
    {
        await foreach (var done in Task.WhenEach(tasks))
        {
            if (!done.IsCompletedSuccessfully)
            {
                await stop.CancelAsync();
                await Task.WhenAll(tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await done;
            }
        }
    }
}
