using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Encoder.Mp4;

namespace HlsCache.Encoder.Renditions;

/// <summary>Encodes the ranges of a rendition that are missing and publishes each segment the moment it is complete.</summary>
public sealed class RenditionEncoder(RunStarter runs, EndConfirmer ends)
{
    /// <summary>Encodes what is missing and returns how many units the rendition has in truth.</summary>
    public async Task<long> EncodeAsync(EncodeContext context, IRenditionPlan rendition, CancellationToken cancellationToken)
    {
        var exists = context.Progress.Ready;
        // Segments without an init are of an encoder that died as it began, and there are few.
        var ready = exists.Init(rendition.Rendition) ? exists.Segments(rendition.Rendition) : IndexSet.Empty;
        var end = context.Claim.Current.End(rendition.Rendition);
        var known = end is { } units ? context.Plan.WithUnits(rendition.Rendition, units).Find(rendition.Rendition)! : rendition;
        var reached = known.Units;
        foreach (var range in Missing.Of(known, ready, end is not null))
        {
            var ended = await EncodeRangeAsync(context, known, range.First, range.End, cancellationToken);
            reached = range.End is null ? ended : reached;
        }

        return reached;
    }

    /// <summary>Encodes segments [first, end) and returns the unit before which the output ended.</summary>
    private async Task<long> EncodeRangeAsync(EncodeContext context, IRenditionPlan rendition, int first, int? end, CancellationToken cancellationToken)
    {
        var output = Output(context, rendition, cancellationToken);
        switch (await runs.Start(context.Film, rendition, first, end, output, cancellationToken).Completion)
        {
            case RunEnd.SourceEnded ended:
                return await EndAsync(context, rendition, first, end, ended, output, cancellationToken);
            case RunEnd.Failed failed:
                throw new EncodeException(failed.Reason);
            case var stopped:
                return stopped.Reached;
        }
    }

    private async Task<long> EndAsync(
        EncodeContext context, IRenditionPlan rendition, int first, int? end, RunEnd.SourceEnded ended, RunOutput output, CancellationToken cancellationToken)
    {
        if (end is null && first > 0 && ended.Reached == rendition.Grid.Start(first))
        {
            // Nothing follows, so the film ended with the last segment there is, which need not be a whole one.
            var reached = rendition.Grid.Start(first - 1) + await context.Publisher.UnitsAsync(rendition.Rendition, first - 1, cancellationToken);
            ended = ended with { Reached = reached, IsPlanned = EndConfirmer.IsPlanned(rendition, reached) };
        }

        if (!ended.IsPlanned)
        {
            await ends.ConfirmAsync(context.Film, rendition, ended, cancellationToken);
        }

        if (end is null)
        {
            // Before the last segment, so that nobody who finds that one has to look for more.
            await context.EndAsync(rendition.Rendition, ended.Reached, cancellationToken);
        }

        if (ended.Tail is { } tail)
        {
            await output.PublishAsync(tail);
        }

        return ended.Reached;
    }

    private static RunOutput Output(EncodeContext context, IRenditionPlan rendition, CancellationToken cancellationToken)
    {
        var init = Task.CompletedTask;
        return new(BeginAsync, PublishAsync);

        // Segments must not follow an init that differs. Where there was none under our lease, ours is the one, and the first frame need not wait for it.
        Task BeginAsync(byte[] content)
        {
            var exists = context.Progress.Ready.Init(rendition.Rendition);
            init = context.Publisher.PublishInitAsync(rendition.Rendition, content, cancellationToken);
            return exists ? init : Task.CompletedTask;
        }

        Task PublishAsync(MediaSegment segment) => Task.WhenAll(init, context.PublishAsync(rendition, segment, cancellationToken));
    }
}
