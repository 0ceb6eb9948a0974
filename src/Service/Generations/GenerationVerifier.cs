using System.Collections.Concurrent;
using System.Security.Cryptography;
using HlsCache.Core.Entries;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;

namespace HlsCache.Service.Generations;

/// <summary>Checks, before a sealed generation is served, that what its manifest promises is there.</summary>
public sealed class GenerationVerifier(ISegmentStore segments, GenerationCache cache, TimeProvider time)
{
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);
    private const int PruneAbove = 10_000;

    private readonly ConcurrentDictionary<GenerationId, DateTimeOffset> verified = new();

    /// <summary>
    /// The manifest if it is there and each rendition's init, last segment and one at random have the sizes it gives; null otherwise. Manifest and checks go out
    /// together, since the row knows the lengths.
    /// </summary>
    public async Task<Manifest?> VerifyAsync(Entry entry, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (verified.TryGetValue(entry.Id, out var at) && at + Memory > now && cache.RememberedManifest(entry.Id) is { } known)
        {
            return known;
        }

        var names = Sample(entry);
        var manifest = cache.ManifestAsync(entry.Id, cancellationToken);
        var sizes = await Task.WhenAll(names.Select(name => segments.SizeAsync(entry.Id, name, cancellationToken)));
        if (await manifest is not { } seal || names.Where((name, i) => sizes[i] is not { } size || size != seal.SizeOf(name)).Any())
        {
            return null;
        }

        if (verified.Count > PruneAbove)
        {
            verified.Clear();
        }

        verified[entry.Id] = now;
        return seal;
    }

    private static List<string> Sample(Entry entry) => [.. Sample(Rendition.Video, entry.VideoSegments), .. Sample(Rendition.Audio, entry.AudioSegments)];

    private static IEnumerable<string> Sample(Rendition rendition, int count) => count switch
    {
        0 => [],
        1 => [BlobNames.Init(rendition), BlobNames.Segment(rendition, 0)],
        _ => [BlobNames.Init(rendition), BlobNames.Segment(rendition, count - 1), BlobNames.Segment(rendition, RandomNumberGenerator.GetInt32(count - 1))],
    };
}
