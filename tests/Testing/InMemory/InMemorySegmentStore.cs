using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using HlsCache.Core.Entries;
using HlsCache.Core.Segments;

namespace HlsCache.Testing.InMemory;

public sealed class InMemorySegmentStore : ISegmentStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<GenerationId, SortedDictionary<string, byte[]>> containers = [];

    /// <summary>The generations that have a container.</summary>
    public IReadOnlyList<GenerationId> Containers
    {
        get
        {
            lock (gate)
            {
                return [.. containers.Keys.OrderBy(i => i.ToString(), StringComparer.Ordinal)];
            }
        }
    }

    public Task CreateAsync(GenerationId id, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            containers.TryAdd(id, new(StringComparer.Ordinal));
            return Task.CompletedTask;
        }
    }

    public Task<PutResult> PutAsync(GenerationId id, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(
                !containers.TryGetValue(id, out var blobs) ? PutResult.Gone
                : blobs.TryAdd(name, content.ToArray()) ? PutResult.Stored
                : PutResult.AlreadyThere);
        }
    }

    public Task<byte[]?> ReadAsync(GenerationId id, string name, CancellationToken cancellationToken) =>
        Task.FromResult((byte[]?)Find(id, name)?.Clone());

    public Task<long?> SizeAsync(GenerationId id, string name, CancellationToken cancellationToken) =>
        Task.FromResult(Find(id, name)?.LongLength);

    public Task<PutResult> CopyAsync(GenerationId from, GenerationId to, string name, CancellationToken cancellationToken) =>
        Find(from, name) is { } content ? PutAsync(to, name, content, cancellationToken) : Task.FromResult(PutResult.Gone);

    public IAsyncEnumerable<GenerationId> GenerationsAsync(CancellationToken cancellationToken) => Containers.ToAsyncEnumerable();

    public Task DeleteAsync(GenerationId id, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            containers.Remove(id);
            return Task.CompletedTask;
        }
    }

    public async IAsyncEnumerable<StoredBlob> ListAsync(GenerationId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        StoredBlob[] found;
        lock (gate)
        {
            found = containers.TryGetValue(id, out var blobs)
                ? [.. blobs.Select(b => new StoredBlob(b.Key, b.Value.Length, Md5(b.Value)))]
                : [];
        }

        foreach (var blob in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return blob;
        }
    }

    /// <summary>Deletes the container, as an eviction does.</summary>
    public void Remove(GenerationId id)
    {
        lock (gate)
        {
            containers.Remove(id);
        }
    }

    /// <summary>Damages the generation: another content under the name, or none at all.</summary>
    public void Damage(GenerationId id, string name, byte[]? content)
    {
        lock (gate)
        {
            if (content is null)
            {
                containers[id].Remove(name);
            }
            else
            {
                containers[id][name] = content;
            }
        }
    }

    private byte[]? Find(GenerationId id, string name)
    {
        lock (gate)
        {
            return containers.GetValueOrDefault(id)?.GetValueOrDefault(name);
        }
    }

#pragma warning disable CA5351 // Not for security: the checksum that blob storage keeps.
    private static string Md5(byte[] content) => Convert.ToBase64String(MD5.HashData(content));
#pragma warning restore CA5351
}
