using System.Text.Json;
using HlsCache.Core;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Testing;

namespace HlsCache.Functions.Tests.Stage;

/// <summary>Does to the stores what an encoder does, without encoding.</summary>
internal sealed class FakeEncoder(IEntryStore entries, ISegmentStore segments, TimeProvider time)
{
    /// <summary>Changes the row as another process would.</summary>
    public async Task<Entry> ChangeAsync(GenerationId id, Func<Entry, Entry> change) =>
        (await entries.TryUpdateAsync(change((await entries.FindAsync(id, CancellationToken.None)).ShouldNotBeNull()), CancellationToken.None)).ShouldNotBeNull();

    /// <summary>Claims the row, and writes the plan.</summary>
    public async Task<EncodePlan> PlanAsync(GenerationId id, EncodePlan? plan = null)
    {
        var entry = (await entries.FindAsync(id, CancellationToken.None)).ShouldNotBeNull();
        plan = (plan ?? Samples.Plan()) with
        {
            Key = id.Key.Value,
            Generation = id.Generation.Value,
            Source = entry.Request.Source.Value,
            Quality = entry.Request.Quality.Name,
            Audio = entry.Request.Audio.ToString(),
            Stamp = entry.Stamp,
            Profile = entry.Profile,
        };
        await segments.CreateAsync(id, CancellationToken.None);
        await segments.PutAsync(id, BlobNames.Plan, JsonSerializer.SerializeToUtf8Bytes(plan, CoreJson.Default.EncodePlan), CancellationToken.None);
        await ChangeAsync(id, e => e.WithLengths(plan) with { State = EntryState.Encoding, Planned = true });
        return plan;
    }

    /// <summary>Finds that the generation's request makes the same bytes as another, begins that one unless it is there, and makes the key an alias.</summary>
    public async Task<GenerationId> FlipAsync(GenerationId id, PlayRequest canonical)
    {
        var entry = (await entries.FindAsync(id, CancellationToken.None)).ShouldNotBeNull();
        var found = await entries.ReadAsync(canonical.Key, CancellationToken.None);
        var target = found.Current?.Id ?? new(canonical.Key, Generation.After(found.Pointer?.Generation, time.GetUtcNow()));
        if (found.Current is null)
        {
            (await entries.TryStartAsync(entry with { Id = target, Request = canonical, State = EntryState.Queued }, found.Pointer, CancellationToken.None)).ShouldNotBeNull();
        }

        var pointer = (await entries.ReadAsync(id.Key, CancellationToken.None)).Pointer.ShouldNotBeNull();
        (await entries.TryPointAsync(pointer with { Alias = new(canonical.Quality, canonical.Audio, entry.Stamp) }, CancellationToken.None)).ShouldBeTrue();
        (await entries.TryDeleteAsync(entry, CancellationToken.None)).ShouldBeTrue();
        return target;
    }

    /// <summary>Writes plan, every blob, the seal, the row.</summary>
    public async Task<Manifest> SealAsync(GenerationId id, EncodePlan? plan = null)
    {
        plan = await PlanAsync(id, plan);
        foreach (var (n, name) in SealedBlobs.Of(plan).Index())
        {
            await segments.PutAsync(id, name, new byte[100 + n], CancellationToken.None);
        }

        var blobs = await segments.ListAsync(id, CancellationToken.None).Where(b => BlobNames.IsMedia(b.Name)).ToListAsync();
        var manifest = new Manifest(Manifest.CurrentVersion, plan, blobs, 1, time.GetUtcNow());
        await segments.PutAsync(id, BlobNames.Complete, JsonSerializer.SerializeToUtf8Bytes(manifest, CoreJson.Default.Manifest), CancellationToken.None);
        await ChangeAsync(id, e => e.Sealed(manifest, time.GetUtcNow()));
        return manifest;
    }
}
