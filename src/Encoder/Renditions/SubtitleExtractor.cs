using HlsCache.Core.Plans;
using HlsCache.Encoder.Ffmpeg;

namespace HlsCache.Encoder.Renditions;

/// <summary>Turns every text subtitle into WebVTT, all in one pass over the source.</summary>
public sealed class SubtitleExtractor(FfmpegRunner ffmpeg)
{
    /// <summary>Publishes the tracks and returns them as they came out: one that cannot be extracted names its reason.</summary>
    public async Task<IReadOnlyList<SubtitlePlan>> ExtractAsync(EncodeContext context, CancellationToken cancellationToken)
    {
        var tracks = context.Plan.Subtitles;
        var missing = tracks.Index().Where(t => t.Item.Skipped is null && !context.Progress.Ready.Subtitles.Contains(t.Index)).ToList();
        if (missing.Count == 0)
        {
            return tracks;
        }

        var folder = Directory.CreateTempSubdirectory("hlscache-subs-");
        try
        {
            var failures = await RunAsync(missing.ConvertAll(t => t.Index));
            // One bad track spoils the pass for all, so after a failure each is tried by itself.
            if (failures is not null)
            {
                var results = tracks.ToArray();
                foreach (var (index, track) in missing)
                {
                    results[index] = track with { Skipped = missing.Count == 1 ? failures : await RunAsync([index]) };
                }

                return results;
            }

            return tracks;
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        async Task<string?> RunAsync(IReadOnlyList<int> indexes)
        {
            string File(int index) => Path.Join(folder.FullName, $"{index}.vtt");
            var result = await ffmpeg.EncodeAsync(
                FfmpegArguments.Subtitles(context.Source.Input, indexes.Select(i => (tracks[i].Stream, File(i))), context.Info.UnindexedStart),
                static stream => stream.CopyToAsync(Stream.Null),
                cancellationToken);
            if (result.ExitCode != 0)
            {
                return FfmpegMessage.Of(result.Errors, context.Source.Input);
            }

            foreach (var index in indexes)
            {
                await context.Publisher.PublishSubtitleAsync(index, await System.IO.File.ReadAllBytesAsync(File(index), cancellationToken), cancellationToken);
            }

            return null;
        }
    }
}
