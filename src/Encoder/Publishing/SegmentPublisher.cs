using HlsCache.Core.Entries;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Encoder.Mp4;
using Microsoft.Extensions.Logging;

namespace HlsCache.Encoder.Publishing;

/// <summary>Uploads what is finished and then tells viewers of it, in that order.</summary>
public sealed partial class SegmentPublisher(ISegmentStore segments, GenerationId id, ProgressReporter progress, ILogger logger)
{
    /// <summary>Uploads the init segment, or compares it with the one there: segments of another encoder setting must not follow it.</summary>
    public async Task PublishInitAsync(Rendition rendition, byte[] init, CancellationToken cancellationToken)
    {
        var name = BlobNames.Init(rendition);
        if (await PutAsync(name, init, cancellationToken) == PutResult.AlreadyThere
            && await segments.ReadAsync(id, name, cancellationToken) is { } existing && !existing.AsSpan().SequenceEqual(init))
        {
            throw new EncodeException($"The {BlobNames.Folder(rendition)} would not continue what exists: its init segment differs.");
        }

        progress.AddInit(rendition);
    }

    public async Task PublishSegmentAsync(Rendition rendition, int index, double seconds, byte[] data, CancellationToken cancellationToken)
    {
        var name = BlobNames.Segment(rendition, index);
        Log.Encoded(logger, id, name);
        if (!progress.Ready.Segments(rendition).Contains(index))
        {
            await PutAsync(name, data, cancellationToken);
        }

        progress.AddSegment(rendition, index, seconds);
    }

    /// <summary>How many units a segment has that is there.</summary>
    public async Task<long> UnitsAsync(Rendition rendition, int index, CancellationToken cancellationToken)
    {
        var data = await segments.ReadAsync(id, BlobNames.Segment(rendition, index), cancellationToken)
            ?? throw new OperationCanceledException($"{id} was reclaimed during its encode.");
        var boxes = await BoxReader.ReadAsync(new MemoryStream(data), cancellationToken).ToListAsync(cancellationToken);
        return boxes.Where(b => b.Type == "moof").Sum(b => (long)MovieFragmentBox.Read(b).Samples);
    }

    public async Task PublishSubtitleAsync(int track, byte[] data, CancellationToken cancellationToken)
    {
        await PutAsync(BlobNames.Subtitle(track), data, cancellationToken);
        progress.AddSubtitle(track);
    }

    private async Task<PutResult> PutAsync(string name, byte[] data, CancellationToken cancellationToken)
    {
        var result = await segments.PutAsync(id, name, data, cancellationToken);
        return result == PutResult.Gone ? throw new OperationCanceledException($"{id} was reclaimed during its encode.") : result;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "{Id}: encoded {Name}.")]
        public static partial void Encoded(ILogger logger, GenerationId id, string name);
    }
}
