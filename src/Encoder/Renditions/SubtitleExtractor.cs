using HlsCache.Core.Plans;
using HlsCache.Encoder.Ffmpeg;
using HlsCache.Encoder.Inputs;
using HlsCache.Encoder.Probing;

namespace HlsCache.Encoder.Renditions;

/// <summary>Turns every text subtitle into WebVTT, all in one pass over the source.</summary>
public sealed class SubtitleExtractor(FfmpegRunner ffmpeg, Prober prober, SourceInputs inputs)
{
    /// <summary>Publishes the tracks and returns them as they came out: one that cannot be extracted names its reason.</summary>
    /// <exception cref="EncodeException">The extraction broke off, which says nothing of the tracks.</exception>
    public async Task<IReadOnlyList<SubtitlePlan>> ExtractAsync(EncodeContext context, CancellationToken cancellationToken)
    {
        var tracks = context.Plan.Subtitles;
        var missing = tracks.Index().Where(t => t.Item.Skipped is null && !context.Progress.Ready.Subtitles.Contains(t.Index)).ToList();
        if (missing.Count == 0 || await RunAsync(context, missing.ConvertAll(t => t.Index), cancellationToken) is not { } failure)
        {
            return tracks;
        }

        // One bad track spoils the pass for all, so after a failure each is tried by itself.
        var results = tracks.ToArray();
        foreach (var (index, track) in missing)
        {
            results[index] = track with { Skipped = missing.Count == 1 ? failure : await RunAsync(context, [index], cancellationToken) };
        }

        return results;
    }

    /// <summary>Publishes these tracks; else says what ffmpeg has against them.</summary>
    private async Task<string?> RunAsync(EncodeContext context, List<int> indexes, CancellationToken cancellationToken)
    {
        var files = indexes.ToDictionary(i => i, _ => new ScratchFile());
        try
        {
            using var opened = inputs.Open(context.Source);
            var input = opened.Name;
            var result = await opened.WatchAsync(ffmpeg.EncodeAsync(
                FfmpegArguments.Subtitles(input, indexes.Select(i => (context.Plan.Subtitles[i].Stream, files[i].Path)), context.Info.UnindexedStart),
                static stream => stream.CopyToAsync(Stream.Null),
                cancellationToken));
            if (FfmpegFault.IsPassing(result, input))
            {
                throw new EncodeException($"The subtitles could not be read to their end (exit code {result.ExitCode}): {FfmpegMessage.Of(result.Errors, input)}");
            }

            if (result.ExitCode != 0)
            {
                return FfmpegMessage.Of(result.Errors, input);
            }

            if (result.Errors.Length > 0)
            {
                // ffmpeg ends well after a read that broke off. The scan tells whether the source itself ends there.
                await prober.ReadPacketsAsync(context.Source, context.Plan.Subtitles[indexes[0]].Stream, static _ => { }, cancellationToken);
            }

            foreach (var (index, file) in files)
            {
                await context.Publisher.PublishSubtitleAsync(index, await file.ReadAsync(cancellationToken), cancellationToken);
            }

            return null;
        }
        finally
        {
            foreach (var file in files.Values)
            {
                await file.DisposeAsync();
            }
        }
    }
}
