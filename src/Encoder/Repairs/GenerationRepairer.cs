using System.Security.Cryptography;
using HlsCache.Core.Entries;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Renditions;
using Microsoft.Extensions.Logging;

namespace HlsCache.Encoder.Repairs;

/// <summary>Gives a repair what is good of the damaged generation, by copies inside the storage, so that nothing but the holes is encoded.</summary>
public sealed partial class GenerationRepairer(ISegmentStore segments, InitMaker inits, ILogger<GenerationRepairer> logger)
{
    private const int ParallelCopies = 8;

    /// <summary>Copies what is good, and notes in the row which lengths are final. Goes on where an earlier attempt stopped.</summary>
    public async Task RestoreAsync(ClaimedEntry claim, EncodeContext context, CancellationToken cancellationToken)
    {
        if (context.Film.Damaged is not { } seal)
        {
            return;
        }

        var to = claim.Current.Id;
        var from = to with { Generation = claim.Current.RepairOf!.Value };
        var holes = Damage.Find(seal, await segments.ListAsync(from, cancellationToken).ToListAsync(cancellationToken)).Select(b => b.Name).ToHashSet(StringComparer.Ordinal);
        Log.Repairing(logger, to, from.Generation, seal.Blobs.Count - holes.Count, holes.Count);
        var source = new Source(seal, holes, from, to);
        var subtitles = CopySubtitlesAsync(context, source, cancellationToken);
        var renditions = await Task.WhenAll(
            context.Plan.Renditions().Select(async r => (r.Rendition, IsRestored: await TryRestoreAsync(context, source, r, cancellationToken))));
        await subtitles;
        if (!await claim.UpdateAsync(e => renditions.Where(r => r.IsRestored).Aggregate(e, (row, r) => row.WithEnd(r.Rendition, context.Plan.Find(r.Rendition)!.Units)), cancellationToken))
        {
            throw new OperationCanceledException($"{to} was taken over during its repair.");
        }
    }

    /// <summary>
    /// Copies the good segments of a rendition, if what this encoder adds to them would fit: its init segment is the same to the bit. False for a
    /// rendition that has to be encoded whole.
    /// </summary>
    private async Task<bool> TryRestoreAsync(EncodeContext context, Source source, IRenditionPlan rendition, CancellationToken cancellationToken)
    {
        if (!rendition.Equals(source.Seal.Plan.Find(rendition.Rendition)) || !await HasInitAsync(context, source, rendition, cancellationToken))
        {
            Log.Whole(logger, source.To, BlobNames.Folder(rendition.Rendition));
            return false;
        }

        context.Progress.AddInit(rendition.Rendition);
        var ready = context.Progress.Ready.Segments(rendition.Rendition);
        var wanted = Enumerable.Range(0, rendition.Segments).Where(i => !ready.Contains(i) && !source.Holes.Contains(BlobNames.Segment(rendition.Rendition, i)));
        await Parallel.ForEachAsync(wanted, Options(cancellationToken), async (index, token) =>
        {
            if (await CopyAsync(source, BlobNames.Segment(rendition.Rendition, index), token))
            {
                context.Progress.AddSegment(rendition.Rendition, index, 0);
            }
        });
        return true;
    }

    /// <summary>Sees to it that the init segment is there and the one that the good segments follow; false when this encoder makes another.</summary>
    private async Task<bool> HasInitAsync(EncodeContext context, Source source, IRenditionPlan rendition, CancellationToken cancellationToken)
    {
        var name = BlobNames.Init(rendition.Rendition);
        var promised = source.Seal.Blobs.FirstOrDefault(b => b.Name == name)?.Md5;
        if (await segments.ReadAsync(source.To, name, cancellationToken) is { } existing)
        {
            return Md5(existing) == promised;
        }

        if (!source.Holes.Any(hole => hole.StartsWith($"{BlobNames.Folder(rendition.Rendition)}/", StringComparison.Ordinal)) && await CopyAsync(source, name, cancellationToken))
        {
            return true;
        }

        var made = await inits.MakeAsync(context, rendition, cancellationToken);
        return Md5(made) == promised && await segments.PutAsync(source.To, name, made, cancellationToken) != PutResult.Gone;
    }

    private Task CopySubtitlesAsync(EncodeContext context, Source source, CancellationToken cancellationToken)
    {
        var ready = context.Progress.Ready.Subtitles;
        var wanted = context.Plan.Subtitles.SequenceEqual(source.Seal.Plan.Subtitles)
            ? context.Plan.Subtitles.Index().Where(t => t.Item.Skipped is null && !ready.Contains(t.Index) && !source.Holes.Contains(BlobNames.Subtitle(t.Index)))
            : [];
        return Parallel.ForEachAsync(wanted, Options(cancellationToken), async (track, token) =>
        {
            if (await CopyAsync(source, BlobNames.Subtitle(track.Index), token))
            {
                context.Progress.AddSubtitle(track.Index);
            }
        });
    }

    /// <summary>False when the blob has gone meanwhile: one hole more.</summary>
    private async Task<bool> CopyAsync(Source source, string name, CancellationToken cancellationToken) =>
        await segments.CopyAsync(source.From, source.To, name, cancellationToken) != PutResult.Gone;

    private static ParallelOptions Options(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = ParallelCopies, CancellationToken = cancellationToken };

#pragma warning disable CA5351 // Not for security: the checksum that blob storage keeps.
    private static string Md5(byte[] content) => Convert.ToBase64String(MD5.HashData(content));
#pragma warning restore CA5351

    private sealed record Source(Manifest Seal, HashSet<string> Holes, GenerationId From, GenerationId To);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Id}: repairing {Damaged}: {Good} blobs are good, {Holes} are made again.")]
        public static partial void Repairing(ILogger logger, GenerationId id, Core.Keys.Generation damaged, int good, int holes);

        [LoggerMessage(LogLevel.Warning, "{Id}: this encoder's {Rendition} would not continue what is good; it is encoded whole.")]
        public static partial void Whole(ILogger logger, GenerationId id, string rendition);
    }
}
