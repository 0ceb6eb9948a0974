using HlsCache.Core;
using HlsCache.Core.Plans;
using HlsCache.Encoder.Ffmpeg;
using HlsCache.Encoder.Inputs;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Planning;
using Microsoft.Extensions.Options;

namespace HlsCache.Encoder.Renditions;

/// <summary>Starts ffmpeg on the segments of a rendition.</summary>
public sealed class RunStarter(FfmpegRunner ffmpeg, SourceInputs inputs, IOptions<EncoderOptions> options)
{
    /// <summary>Starts to make segments [first, end); null for all up to the film's end, wherever that proves to be.</summary>
    public RenditionRun Start(PlannedSource film, IRenditionPlan rendition, int first, int? end, RunOutput output, CancellationToken cancellationToken)
    {
        var run = new RenditionRun(rendition, first, end, output);
        run.Completion = RunAsync(film, rendition, run, end, cancellationToken);
        return run;
    }

    private async Task<RunEnd> RunAsync(PlannedSource film, IRenditionPlan rendition, RenditionRun run, int? end, CancellationToken cancellationToken)
    {
        using var input = inputs.Open(film.Source);
        using var span = Telemetry.Spans.StartActivity("encode range")
            ?.SetTag("hls_cache.rendition", rendition.Rendition.ToString()).SetTag("hls_cache.first", run.First).SetTag("hls_cache.end", end);
        var arguments = FfmpegArguments.Of(rendition, input.Name, film.Plan, run.First, end, options.Value.Threads, film.Info.UnindexedStart);
        return await run.WorkAsync(ffmpeg, arguments, input, cancellationToken);
    }
}
