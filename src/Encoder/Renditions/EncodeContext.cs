using HlsCache.Core.Plans;
using HlsCache.Core.Sources;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Mp4;
using HlsCache.Encoder.Planning;
using HlsCache.Encoder.Probing;
using HlsCache.Encoder.Publishing;

namespace HlsCache.Encoder.Renditions;

/// <summary>What an encode of one generation works with.</summary>
public sealed record EncodeContext(ClaimedEntry Claim, PlannedSource Film, SegmentPublisher Publisher, ProgressReporter Progress)
{
    public EncodePlan Plan => Film.Plan;

    public SourceFile Source => Film.Source;

    public SourceInfo Info => Film.Info;

    /// <summary>Notes how long a rendition is in truth, so that no later attempt has to find out.</summary>
    public async Task EndAsync(Rendition rendition, long units, CancellationToken cancellationToken)
    {
        if (Claim.Current.End(rendition) != units && !await Claim.UpdateAsync(e => e.WithEnd(rendition, units), cancellationToken))
        {
            throw new OperationCanceledException($"{Claim.Current.Id} was taken over during its encode.");
        }
    }

    /// <summary>Publishes a segment; those of the rendition that carries the timeline count for the speed.</summary>
    public Task PublishAsync(IRenditionPlan rendition, MediaSegment segment, CancellationToken cancellationToken)
    {
        var leads = Plan.Renditions().First().Rendition == rendition.Rendition;
        var start = rendition.Grid.Start(segment.Index);
        var seconds = leads ? (rendition.Grid.Microseconds(start + segment.Units) - rendition.Grid.Microseconds(start)) / 1e6 : 0;
        return Publisher.PublishSegmentAsync(rendition.Rendition, segment.Index, seconds, segment.Data, cancellationToken);
    }
}
