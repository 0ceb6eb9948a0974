using System.Text.Json;
using HlsCache.Core;
using HlsCache.Core.Entries;
using HlsCache.Core.Leases;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Core.Sources;
using HlsCache.Encoder.Jobs;

namespace HlsCache.Encoder.Renditions;

/// <summary>Writes <c>.complete</c>, once, when a listing proves that everything is there.</summary>
public sealed class Sealer(ISegmentStore segments, SourceCatalog sources, TimeProvider time)
{
    public const string Replaced = "The source was replaced during its encode; play it again.";

    /// <summary>Corrects the row of a generation that was sealed by one who died before telling; null when there is no seal.</summary>
    public async Task<Manifest?> TryAdoptAsync(ClaimedEntry claim, CancellationToken cancellationToken)
    {
        if (await segments.ReadAsync(claim.Current.Id, BlobNames.Complete, cancellationToken) is not { } seal
            || Manifest.Read(seal) is not { } manifest)
        {
            return null;
        }

        await claim.UpdateAsync(e => e.Sealed(manifest, time.GetUtcNow()), cancellationToken);
        return manifest;
    }

    /// <param name="plan">The plan as it came out.</param>
    /// <exception cref="EncodeException">Something is missing, or the source changed under the encode.</exception>
    public async Task<Manifest> SealAsync(ClaimedEntry claim, EncodePlan plan, SourceFile source, ILease writer, double encodeSeconds, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Spans.StartActivity("seal");
        var id = claim.Current.Id;
        var stored = await segments.ListAsync(id, cancellationToken).ToDictionaryAsync(b => b.Name, StringComparer.Ordinal, cancellationToken);
        var expected = SealedBlobs.Of(plan).ToList();
        if (expected.Find(name => !stored.TryGetValue(name, out var blob) || blob.Size == 0) is { } hole)
        {
            throw new EncodeException($"The encode ended but {hole} is not there.");
        }

        if ((await sources.FindAsync(source.Path, cancellationToken))?.Stamp != plan.Stamp)
        {
            throw new EncodeException(Replaced) { IsFinal = true };
        }

        var manifest = new Manifest(Manifest.CurrentVersion, plan, expected.ConvertAll(name => stored[name]), encodeSeconds, time.GetUtcNow());
        // Lengths first: whoever sees the seal must not see planned ones beside it.
        if (!await claim.UpdateAsync(e => e.WithLengths(plan), cancellationToken) || !await writer.ConfirmAsync(cancellationToken))
        {
            throw new OperationCanceledException($"{id} was taken over before its seal.");
        }

        // One that is there already may be our own, of an upload whose answer was lost. Whosever it is, it is the one that counts.
        if (await segments.PutAsync(id, BlobNames.Complete, JsonSerializer.SerializeToUtf8Bytes(manifest, CoreJson.Default.Manifest), cancellationToken) != PutResult.Stored)
        {
            return await TryAdoptAsync(claim, cancellationToken) ?? throw new OperationCanceledException($"{id} was reclaimed before its seal.");
        }

        await claim.UpdateAsync(e => e.Sealed(manifest, time.GetUtcNow()), cancellationToken);
        return manifest;
    }
}
