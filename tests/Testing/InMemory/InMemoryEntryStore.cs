using System.Globalization;
using System.Runtime.CompilerServices;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;

namespace HlsCache.Testing.InMemory;

public sealed class InMemoryEntryStore : IEntryStore
{
    private readonly Lock gate = new();
    private readonly Dictionary<GenerationId, Entry> rows = [];
    private readonly Dictionary<EntryKey, EntryPointer> pointers = [];
    private readonly HashSet<GenerationId> newer = [];
    private readonly HashSet<GenerationId> broken = [];
    private long writes;

    /// <summary>Every row of every generation.</summary>
    public IReadOnlyList<Entry> Rows
    {
        get
        {
            lock (gate)
            {
                return [.. rows.Values.OrderBy(r => r.Id.ToString(), StringComparer.Ordinal)];
            }
        }
    }

    public Task<EntrySnapshot> ReadAsync(EntryKey key, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            var pointer = pointers.GetValueOrDefault(key);
            GenerationId? inForce = pointer is { IsInForce: true } ? new(key, pointer.Generation) : null;
            return Task.FromResult(new EntrySnapshot(pointer, inForce is { } id ? Readable(id) : null) { IsNewer = inForce is { } its && newer.Contains(its) });
        }
    }

    public Task<Entry?> FindAsync(GenerationId id, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(Readable(id));
        }
    }

    public Task<Entry?> TryStartAsync(Entry entry, EntryPointer? replaced, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (pointers.GetValueOrDefault(entry.Id.Key)?.Version != replaced?.Version || rows.ContainsKey(entry.Id))
            {
                return Task.FromResult<Entry?>(null);
            }

            pointers[entry.Id.Key] = new(entry.Id.Key, entry.Id.Generation, NextVersion());
            return Task.FromResult<Entry?>(rows[entry.Id] = entry with { Version = NextVersion() });
        }
    }

    public Task<Entry?> TryUpdateAsync(Entry entry, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(rows.GetValueOrDefault(entry.Id)?.Version == entry.Version
                ? rows[entry.Id] = entry with { Version = NextVersion() }
                : null);
        }
    }

    public Task<bool> TryDeleteAsync(Entry entry, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(rows.GetValueOrDefault(entry.Id)?.Version == entry.Version && rows.Remove(entry.Id));
        }
    }

    public Task<bool> TryPointAsync(EntryPointer pointer, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (pointers.GetValueOrDefault(pointer.Key)?.Version != pointer.Version)
            {
                return Task.FromResult(false);
            }

            pointers[pointer.Key] = pointer with { Version = NextVersion() };
            return Task.FromResult(true);
        }
    }

    public Task<bool> TryDeleteAsync(EntryPointer pointer, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            return Task.FromResult(pointers.GetValueOrDefault(pointer.Key)?.Version == pointer.Version && pointers.Remove(pointer.Key));
        }
    }

    public Task DeleteBrokenAsync(EntryKey key, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            foreach (var id in broken.Where(id => id.Key == key).ToList())
            {
                rows.Remove(id);
                broken.Remove(id);
            }
        }

        return Task.CompletedTask;
    }

    public async Task<KeyRows?> ReadAllAsync(EntryKey key, CancellationToken cancellationToken) =>
        await ListAsync(cancellationToken).FirstOrDefaultAsync(rows => rows.Key == key, cancellationToken);

    public IAsyncEnumerable<KeyRows> ListAfterAsync(EntryKey key, CancellationToken cancellationToken) =>
        ListAsync(cancellationToken).Where(rows => string.CompareOrdinal(rows.Key.Value, key.Value) > 0);

    public async IAsyncEnumerable<KeyRows> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        KeyRows[] found;
        lock (gate)
        {
            var byKey = rows.Values.ToLookup(r => r.Id.Key);
            found =
            [
                .. pointers.Keys.Union(byKey.Select(g => g.Key))
                    .OrderBy(k => k.Value, StringComparer.Ordinal)
                    .Select(k => new KeyRows(k, pointers.GetValueOrDefault(k), [.. byKey[k].Where(r => Readable(r.Id) is not null).OrderBy(r => r.Id.Generation)], newer.Any(id => id.Key == k), broken.Any(id => id.Key == k))),
            ];
        }

        foreach (var key in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return key;
        }
    }

    /// <summary>Removes the row, as the reaper does; the pointer stays.</summary>
    public void Remove(GenerationId id)
    {
        lock (gate)
        {
            rows.Remove(id);
        }
    }

    /// <summary>Makes the row one that a newer version wrote.</summary>
    public void Upgrade(GenerationId id)
    {
        lock (gate)
        {
            newer.Add(id);
        }
    }

    /// <summary>Makes the row one that no version can read.</summary>
    public void Break(GenerationId id)
    {
        lock (gate)
        {
            broken.Add(id);
        }
    }

    private Entry? Readable(GenerationId id) => newer.Contains(id) || broken.Contains(id) ? null : rows.GetValueOrDefault(id);

    private string NextVersion() => (++writes).ToString(CultureInfo.InvariantCulture);
}
