using HlsCache.Core.Entries;
using HlsCache.Core.Leases;
using HlsCache.Core.Segments;
using HlsCache.Core.Work;
using HlsCache.Encoder.Liveness;
using HlsCache.Encoder.Planning;
using HlsCache.Encoder.Publishing;
using HlsCache.Encoder.Renditions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HlsCache.Encoder.Jobs;

/// <summary>One try at a claimed entry, from the look at its source to the seal.</summary>
public sealed partial class Attempt(
    ISegmentStore segments,
    IWorkStore work,
    GenerationEncoder encoder,
    Sealer sealer,
    IOptions<EncoderOptions> options,
    WorkInHand inHand,
    EncodeMeter meter,
    TimeProvider time,
    ILogger<Attempt> logger)
{
    /// <summary>Null when the generation is sealed.</summary>
    /// <param name="ready">What exists of the generation.</param>
    public async Task<Failure?> TryAsync(ClaimedEntry claim, ReadySet ready, Task<ScoutReport> scouting, ILease lease, CancellationToken cancellationToken)
    {
        using var piece = inHand.Begin(claim.Current.Id);
        try
        {
            var report = await scouting;
            if (report.Found is not { } found)
            {
                return new(report.Refusal!, IsFinal: true);
            }

            await EncodeAsync(claim, ready, found, lease, piece, cancellationToken);
            return null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            var failure = Failure.Of(e);
            if (failure.Counts && e is not (EncodeException or InvalidDataException))
            {
                Log.Unforeseen(logger, claim.Current.Id, e);
            }

            return failure;
        }
    }

    private async Task EncodeAsync(
        ClaimedEntry claim, ReadySet ready, PlannedSource found, ILease lease, WorkInHand.Piece piece, CancellationToken cancellationToken)
    {
        var id = claim.Current.Id;
        var begun = time.GetTimestamp();
        Log.Begun(logger, id, claim.Current.Request.Source, claim.Current.Request.Quality, found.Plan.Seconds());
        Manifest manifest;
        await using (var progress = new ProgressReporter(work, id, options.Value.Name, ready, time, logger))
        {
            var planned = found.Plan.Renditions().Sum(r => r.Segments);
            piece.Position = () => $"{progress.Ready.Count} of {planned} segments";
            var context = new EncodeContext(claim, found, new(segments, id, progress, logger), progress);
            var actual = await encoder.EncodeAsync(context, cancellationToken);
            manifest = await sealer.SealAsync(claim, actual, found.Source, lease, time.GetElapsedTime(begun).TotalSeconds, cancellationToken);
        }

        await work.DeleteAsync(id, options.Value.Name, cancellationToken);
        var seconds = manifest.EncodeSeconds;
        meter.Sealed(manifest);
        Log.Sealed(logger, id, manifest.Blobs.Count, manifest.Bytes / 1e6, seconds, manifest.Plan.Seconds() / seconds);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Id}: encoding {Source} at {Quality}, {Seconds:F1} s.")]
        public static partial void Begun(ILogger logger, GenerationId id, Core.Keys.SourcePath source, Core.Keys.Quality quality, double seconds);

        [LoggerMessage(LogLevel.Information, "{Id}: sealed, {Blobs} blobs, {Megabytes:F1} MB in {Seconds:F1} s ({Speed:F1}x).")]
        public static partial void Sealed(ILogger logger, GenerationId id, int blobs, double megabytes, double seconds, double speed);

        [LoggerMessage(LogLevel.Error, "{Id}: an attempt met an error that it does not know.")]
        public static partial void Unforeseen(ILogger logger, GenerationId id, Exception exception);
    }
}
