using System.Runtime.CompilerServices;
using HlsCache.Core.Plans;

namespace HlsCache.Encoder.Mp4;

/// <summary>Cuts ffmpeg's output into an init segment and media segments, in memory, as they complete. One object serves one output.</summary>
public sealed class SegmentSplitter(IRenditionPlan plan)
{
    private readonly List<byte[]> open = [];
    private int index;
    private long units;
    private long counted;

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
                    moof = null;
                    if (Add(header, box))
                    {
                        yield return Close(isWhole: true);
                    }

                    break;
            }
        }

        if (open.Count > 0)
        {
            yield return Close(isWhole: false);
        }
    }

    /// <summary>Adds a fragment to the open segment; true when that is all the grid gives it.</summary>
    private bool Add(Box moof, Box mdat)
    {
        var (decodeTime, samples) = MovieFragmentBox.Read(moof);
        var (start, offGrid) = plan.TicksPerUnit is { } ticks ? Math.DivRem(decodeTime, ticks) : (counted, 0);
        counted += samples;
        index = open.Count == 0 ? plan.Grid.IndexOf(start) : index;
        var whole = plan.Grid.Start(index + 1) - plan.Grid.Start(index);
        if (offGrid != 0 || plan.Grid.Start(index) + units != start || units + samples > whole)
        {
            throw new InvalidDataException(
                $"ffmpeg cut {plan.Rendition} at tick {decodeTime} with {samples} frames, which is not on the grid: segment {index} has {whole} from {plan.Grid.Start(index)}.");
        }

        if (plan.CanStartAnywhere)
        {
            MovieFragmentBox.Renumber(moof, index + 1);
        }

        units += samples;
        open.Add(moof.Data);
        open.Add(mdat.Data);
        return units == whole;
    }

    private MediaSegment Close(bool isWhole)
    {
        var segment = new MediaSegment(index, units, isWhole, [.. open.SelectMany(part => part)]);
        open.Clear();
        units = 0;
        return segment;
    }
}
