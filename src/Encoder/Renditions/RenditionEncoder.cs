using HlsCache.Core;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Encoder.Ffmpeg;
using HlsCache.Encoder.Inputs;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Mp4;
using HlsCache.Encoder.Planning;
using HlsCache.Encoder.Probing;
using Microsoft.Extensions.Options;

namespace HlsCache.Encoder.Renditions;

/// <summary>Encodes the ranges of a rendition that are missing and publishes each segment the moment it is complete.</summary>
public sealed class RenditionEncoder(FfmpegRunner ffmpeg, Prober prober, SourceInputs inputs, IOptions<EncoderOptions> options)
{
    // What a decoder may lose at a broken end, or a container may miscount.
    private const double ToleranceSeconds = 1;

    // By how much a container's claim falls short of the last packet in it when it is right: a frame, or the encoder's last one.
    private const int RoundingUnits = 2;

    // Uploads in flight of one rendition: enough to hide a round trip, few enough to bound memory.
    private const int ParallelUploads = 4;

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
        var splitter = new SegmentSplitter(rendition);
        var uploads = new UploadWindow(ParallelUploads);
        var start = rendition.Grid.Start(first);
        var reached = start;
        var begun = false;
        MediaSegment? tail = null;

        // Segments must not follow an init that differs. Where there was none under our lease, ours is the one, and the first frame need not wait for it.
        async Task BeginAsync()
        {
            var exists = context.Progress.Ready.Init(rendition.Rendition);
            var init = context.Publisher.PublishInitAsync(rendition.Rendition, splitter.Init!, cancellationToken);
            await (exists ? init : uploads.AddAsync(init));
        }

        async Task PublishAsync(Stream stream)
        {
            await foreach (var segment in splitter.ReadAsync(stream, cancellationToken))
            {
                if (!begun)
                {
                    begun = true;
                    await BeginAsync();
                }

                if (segment.Index < first || segment.Index >= end)
                {
                    continue; // Made for the sake of its neighbours.
                }

                if (rendition.Grid.Start(segment.Index) != reached)
                {
                    throw new InvalidDataException($"ffmpeg left a hole before segment {segment.Index} of {rendition.Rendition}.");
                }

                reached += segment.Units;
                if (rendition.Grid.Microseconds(reached) > Planner.MostHours * 3600 * 1_000_000L)
                {
                    throw new EncodeException($"The source goes on for more than {Planner.MostHours} hours, which is not encoded.") { IsFinal = true };
                }

                if (segment.IsWhole)
                {
                    await uploads.AddAsync(context.PublishAsync(rendition, segment, cancellationToken));
                }
                else
                {
                    tail = segment;
                }
            }
        }

        using var input = inputs.Open(context.Source);
        using var span = Telemetry.Spans.StartActivity("encode range")
            ?.SetTag("hls_cache.rendition", rendition.Rendition.ToString()).SetTag("hls_cache.first", first).SetTag("hls_cache.end", end);
        var arguments = FfmpegArguments.Of(rendition, input.Name, context.Plan, first, end, options.Value.Threads, context.Info.UnindexedStart);
        FfmpegResult result;
        try
        {
            result = await input.WatchAsync(ffmpeg.EncodeAsync(arguments, PublishAsync, cancellationToken));
        }
        finally
        {
            await uploads.DrainAsync();
        }

        if (end is null && reached == start && first > 0)
        {
            // Nothing follows, so the film ended with the last segment there is, which need not be a whole one.
            reached = rendition.Grid.Start(first - 1) + await context.Publisher.UnitsAsync(rendition.Rendition, first - 1, cancellationToken);
        }

        var expected = end is { } e ? rendition.Grid.Start(e) : rendition.Units;
        if (reached < expected || reached > expected + RoundingUnits)
        {
            await ConfirmEndAsync(context, rendition, reached, result, input, cancellationToken);
        }

        if (end is null)
        {
            // Before the last segment, so that nobody who finds that one has to look for more.
            await context.EndAsync(rendition.Rendition, reached, cancellationToken);
        }

        if (tail is not null)
        {
            await context.PublishAsync(rendition, tail, cancellationToken);
        }

        return reached;
    }

    /// <summary>
    /// An end that was not planned is believed only when reading all packets of the source shows the same one: a read that broke off looks
    /// no different from here.
    /// </summary>
    private async Task ConfirmEndAsync(EncodeContext context, IRenditionPlan rendition, long reached, FfmpegResult result, SourceInput input, CancellationToken cancellationToken)
    {
        var seconds = rendition.Grid.Microseconds(reached) / 1e6;
        var said = FfmpegMessage.Of(result.Errors, input.Name);
        if (FfmpegFault.IsPassing(result, input.Name))
        {
            throw new EncodeException($"ffmpeg was stopped, or could not read the source any more, after {seconds:F1} s (exit code {result.ExitCode}): {said}");
        }

        var end = await prober.EndAsync(context.Source, rendition.Stream, context.Info.Start, cancellationToken);
        if (reached == 0 || end is null || Math.Abs(seconds - end.Value) > ToleranceSeconds)
        {
            throw new EncodeException(
                end is null
                    ? $"The {BlobNames.Folder(rendition.Rendition)} of the source could not be read any more after {seconds:F1} s: {said}"
                    : $"ffmpeg stopped after {seconds:F1} s of {end:F1} s of {BlobNames.Folder(rendition.Rendition)} (exit code {result.ExitCode}): {said}");
        }
    }
}
