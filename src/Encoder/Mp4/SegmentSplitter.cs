using System.Runtime.CompilerServices;
using HlsCache.Core.Plans;

namespace HlsCache.Encoder.Mp4;

/// <summary>Cuts ffmpeg's output into an init segment and media segments, in memory, as they complete.</summary>
public sealed class SegmentSplitter(IRenditionPlan plan)
{
    /// <summary>The boxes <c>ftyp</c> and <c>moov</c>; null until they have come.</summary>
    public byte[]? Init { get; private set; }

    /// <summary>The segments in the order they come; <see cref="Init"/> is there before the first one.</summary>
    /// <exception cref="InvalidDataException">The output is not cut on the grid.</exception>
    public async IAsyncEnumerable<MediaSegment> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var head = new List<Box>();
        Box? moof = null;
        await foreach (var box in BoxReader.ReadAsync(stream, cancellationToken))
        {
            switch (box.Type)
            {
                case "ftyp" or "moov" when Init is null:
                    head.Add(box);
                    Init = box.Type == "moov" ? [.. head.SelectMany(b => b.Data)] : null;
                    break;
                case "moof":
                    moof = box;
                    break;
                case "mdat" when moof is { } header:
                    yield return Segment(header, box);
                    moof = null;
                    break;
            }
        }
    }

    private MediaSegment Segment(Box moof, Box mdat)
    {
        var (decodeTime, samples) = MovieFragmentBox.Read(moof);
        var (start, offGrid) = Math.DivRem(decodeTime, plan.TicksPerUnit);
        var index = plan.Grid.IndexOf(start);
        var whole = plan.Grid.Start(index + 1) - start;
        if (offGrid != 0 || plan.Grid.Start(index) != start || samples > whole)
        {
            throw new InvalidDataException(
                $"ffmpeg cut {plan.Rendition} at tick {decodeTime} with {samples} frames, which is not on the grid: segment {index} has {whole} from {plan.Grid.Start(index)}.");
        }

        MovieFragmentBox.Renumber(moof, index + 1);
        return new(index, samples, samples == whole, [.. moof.Data, .. mdat.Data]);
    }
}
