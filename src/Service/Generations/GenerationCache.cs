using HlsCache.Core.Entries;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using Microsoft.Extensions.Caching.Memory;

namespace HlsCache.Service.Generations;

/// <summary>Remembers the documents of generations. They never change once written, so they are fetched once.</summary>
public sealed class GenerationCache(ISegmentStore segments) : IDisposable
{
    // Weights are blobs listed; a hundred thousand are some tens of megabytes.
    private readonly MemoryCache cache = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    /// <summary>The seal, or null when the generation has none that can be read.</summary>
    public Task<Manifest?> ManifestAsync(GenerationId id, CancellationToken cancellationToken) =>
        ReadAsync(id, BlobNames.Complete, Manifest.Read, static m => m.Blobs.Count, cancellationToken);

    /// <summary>The plan as it was made by the probe, or null when there is none yet that can be read.</summary>
    public Task<EncodePlan?> PlanAsync(GenerationId id, CancellationToken cancellationToken) =>
        ReadAsync(id, BlobNames.Plan, EncodePlan.Read, static _ => 10, cancellationToken);

    /// <summary>The seal if it is remembered.</summary>
    public Manifest? RememberedManifest(GenerationId id) => cache.Get<Manifest>((id, BlobNames.Complete));

    public void Dispose() => cache.Dispose();

    private async Task<T?> ReadAsync<T>(GenerationId id, string name, Func<byte[], T?> parse, Func<T, int> weight, CancellationToken cancellationToken)
        where T : class
    {
        if (cache.TryGetValue((id, name), out T? known))
        {
            return known;
        }

        if (await segments.ReadAsync(id, name, cancellationToken) is not { } json || parse(json) is not { } document)
        {
            return null;
        }

        return cache.Set((id, name), document, new MemoryCacheEntryOptions { Size = weight(document) + 10, SlidingExpiration = TimeSpan.FromMinutes(10) });
    }
}
