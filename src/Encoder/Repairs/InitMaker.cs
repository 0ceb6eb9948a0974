using HlsCache.Core.Plans;
using HlsCache.Encoder.Ffmpeg;
using HlsCache.Encoder.Inputs;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Mp4;
using HlsCache.Encoder.Renditions;
using Microsoft.Extensions.Options;

namespace HlsCache.Encoder.Repairs;

/// <summary>Makes the init segment of a rendition: what this encoder's segments would follow.</summary>
public sealed class InitMaker(FfmpegRunner ffmpeg, SourceInputs inputs, IOptions<EncoderOptions> options)
{
    /// <exception cref="EncodeException">ffmpeg made none.</exception>
    public async Task<byte[]> MakeAsync(EncodeContext context, IRenditionPlan rendition, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        byte[]? init = null;

        async Task ReadAsync(Stream stream)
        {
            var head = new List<byte>();
            await foreach (var box in BoxReader.ReadAsync(stream, CancellationToken.None))
            {
                head.AddRange(box.Data);
                if (box.Type == "moov")
                {
                    init = [.. head];
                    break;
                }
            }

            await enough.CancelAsync();
            // ffmpeg ends at once unless it waits for somebody to read.
            await stream.CopyToAsync(Stream.Null, CancellationToken.None);
        }

        using var input = inputs.Open(context.Source);
        var arguments = FfmpegArguments.Of(
            rendition, input.Name, context.Plan, 0, rendition.CanStartAnywhere ? 1 : null, options.Value.Threads, context.Info.UnindexedStart);
        try
        {
            await input.WatchAsync(ffmpeg.EncodeAsync(arguments, ReadAsync, enough.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Stopped by ourselves.
        }

        return init ?? throw new EncodeException("ffmpeg ended before it began to write.");
    }
}
