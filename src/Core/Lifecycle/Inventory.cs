using System.Runtime.CompilerServices;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;

namespace HlsCache.Core.Lifecycle;

/// <summary>
/// Goes through all that exists, key by key, joining stores that each list in the order of keys: memory for one key, however many there are. What it
/// shows was read at different instants, so whoever acts on it does so conditionally.
/// </summary>
public sealed class Inventory(IEntryStore entries, ISessionStore sessions, ISegmentStore segments)
{
    /// <param name="withContainers">Whether to list containers too; keys that have nothing but one are then shown as well.</param>
    public IAsyncEnumerable<KeyInventory> ReadAsync(bool withContainers, CancellationToken cancellationToken) => JoinAsync(
        entries.ListAsync(cancellationToken),
        sessions.ListAsync(cancellationToken),
        withContainers ? segments.GenerationsAsync(cancellationToken) : AsyncEnumerable.Empty<GenerationId>(),
        cancellationToken);

    /// <summary>Rows and sessions of the keys that sort after <paramref name="key"/>.</summary>
    public IAsyncEnumerable<KeyInventory> ReadAfterAsync(EntryKey key, CancellationToken cancellationToken) => JoinAsync(
        entries.ListAfterAsync(key, cancellationToken),
        sessions.ListAfterAsync(key, cancellationToken),
        AsyncEnumerable.Empty<GenerationId>(),
        cancellationToken);

    private static async IAsyncEnumerable<KeyInventory> JoinAsync(
        IAsyncEnumerable<KeyRows> allRows,
        IAsyncEnumerable<PlaySession> allPins,
        IAsyncEnumerable<GenerationId> allContainers,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var rows = await Cursor<KeyRows>.OpenAsync(allRows, r => r.Key);
        await using var pins = await Cursor<PlaySession>.OpenAsync(allPins, s => s.Key);
        await using var containers = await Cursor<GenerationId>.OpenAsync(allContainers, id => id.Key);
        while (Least(rows.Key, pins.Key, containers.Key) is { } key)
        {
            yield return new(key, await rows.TakeAsync(key) is [var own, ..] ? own : null, await pins.TakeAsync(key), await containers.TakeAsync(key));
        }
    }

    private static EntryKey? Least(params ReadOnlySpan<EntryKey?> keys)
    {
        EntryKey? least = null;
        foreach (var key in keys)
        {
            if (key is { } k && (least is not { } l || string.CompareOrdinal(k.Value, l.Value) < 0))
            {
                least = key;
            }
        }

        return least;
    }

    /// <summary>A listing, and the key of the item it stands at.</summary>
    private sealed class Cursor<T> : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<T> items;
        private readonly Func<T, EntryKey> keyOf;

        private Cursor(IAsyncEnumerable<T> listing, Func<T, EntryKey> keyOf) => (items, this.keyOf) = (listing.GetAsyncEnumerator(), keyOf);

        /// <summary>Null at the end.</summary>
        public EntryKey? Key { get; private set; }

        public static async Task<Cursor<T>> OpenAsync(IAsyncEnumerable<T> listing, Func<T, EntryKey> keyOf)
        {
            var cursor = new Cursor<T>(listing, keyOf);
            await cursor.AdvanceAsync();
            return cursor;
        }

        /// <summary>The items of that key, which are the next ones if there are any.</summary>
        public async Task<IReadOnlyList<T>> TakeAsync(EntryKey key)
        {
            var taken = new List<T>();
            for (; Key == key; await AdvanceAsync())
            {
                taken.Add(items.Current);
            }

            return taken;
        }

        public ValueTask DisposeAsync() => items.DisposeAsync();

        private async Task AdvanceAsync() => Key = await items.MoveNextAsync() ? keyOf(items.Current) : null;
    }
}
