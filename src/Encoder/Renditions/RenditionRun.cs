using HlsCache.Core.Plans;
using HlsCache.Encoder.Ffmpeg;
using HlsCache.Encoder.Inputs;
using HlsCache.Encoder.Mp4;
using HlsCache.Encoder.Planning;

namespace HlsCache.Encoder.Renditions;

/// <summary>One ffmpeg at work on the segments of a rendition, from one of them on. Thread-safe.</summary>
public sealed class RenditionRun
{
    // Of one run: enough to hide a round trip, few enough to bound memory.
    private const int ParallelUploads = 4;

    private readonly ProcessControl control = new();
    private readonly UploadWindow uploads = new(ParallelUploads);
    private readonly Lock gate = new();
    private readonly IRenditionPlan rendition;
    private readonly RunOutput output;
    private int position;
    private int? end;
    private long reached;
    private MediaSegment? tail;

    internal RenditionRun(IRenditionPlan rendition, int first, int? end, RunOutput output)
    {
        (this.rendition, First, position, this.end, this.output) = (rendition, first, first, end, output);
        reached = rendition.Grid.Start(first);
    }

    public Rendition Rendition => rendition.Rendition;

    public int First { get; }

    /// <summary>The segment that is being made: all from <see cref="First"/> up to it have come out whole.</summary>
    public int Position
    {
        get
        {
            lock (gate)
            {
                return position;
            }
        }
    }

    public bool IsPaused => control.IsPaused;

    /// <summary>
    /// What ended it, once ffmpeg is gone and all that it made is published. Faults with what the output threw, with <see cref="EncodeException"/> or
    /// <see cref="InvalidDataException"/> when ffmpeg stalls or makes what is not on the grid; cancelled by the token that it was started with.
    /// </summary>
    public Task<RunEnd> Completion { get; internal set; } = null!;

    /// <summary>
    /// Ends it before that segment; nothing half is published. Where it has come further, it ends at once, and what is there by then stays. May be
    /// called again with a later segment while it runs, but none behind the end that it was started with.
    /// </summary>
    public void StopBefore(int segment)
    {
        lock (gate)
        {
            end = segment;
            if (position >= segment)
            {
                control.End();
            }
        }
    }

    /// <summary>Holds ffmpeg where it is. It keeps its memory and takes no processor time.</summary>
    public void Pause() => control.Pause();

    public void Resume() => control.Resume();

    internal async Task<RunEnd> WorkAsync(
        FfmpegRunner ffmpeg, IReadOnlyList<string> arguments, SourceInput input, CancellationToken cancellationToken)
    {
        FfmpegResult result;
        try
        {
            result = await input.WatchAsync(ffmpeg.EncodeAsync(arguments, stream => ReadAsync(stream, cancellationToken), control, cancellationToken));
        }
        finally
        {
            await uploads.DrainAsync();
        }

        lock (gate)
        {
            if (end <= position)
            {
                return new RunEnd.Stopped(reached);
            }

            var said = FfmpegMessage.Of(result.Errors, input.Name);
            var planned = end is null && EndConfirmer.IsPlanned(rendition, reached);
            return !planned && FfmpegFault.IsPassing(result, input.Name)
                ? new RunEnd.Failed(
                    reached,
                    $"ffmpeg was stopped, or could not read the source any more, after {rendition.Grid.Microseconds(reached) / 1e6:F1} s (exit code {result.ExitCode}): {said}")
                : new RunEnd.SourceEnded(reached, tail, planned, result.ExitCode, said);
        }
    }

    private async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var splitter = new SegmentSplitter(rendition);
        var isBegun = false;
        await foreach (var segment in splitter.ReadAsync(stream, cancellationToken))
        {
            if (!isBegun)
            {
                isBegun = true;
                await output.BeginAsync(splitter.Init!);
            }

            if (segment.Index < First)
            {
                continue; // Made for the sake of the next one.
            }

            if (!TryAdvance(segment))
            {
                return;
            }

            if (segment.IsWhole)
            {
                await uploads.AddAsync(output.PublishAsync(segment));
            }
        }
    }

    /// <summary>Goes on by the segment; false when the run is to end before it, and what comes from there on is not wanted.</summary>
    private bool TryAdvance(MediaSegment segment)
    {
        lock (gate)
        {
            if (position >= end)
            {
                control.End();
                return false;
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

            if (!segment.IsWhole)
            {
                tail = segment;
                return true;
            }

            position++;
            if (position >= end)
            {
                // The next one is being made already.
                control.End();
            }

            return true;
        }
    }
}
