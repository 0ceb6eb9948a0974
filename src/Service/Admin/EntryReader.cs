using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Sessions;
using HlsCache.Core.Work;

namespace HlsCache.Service.Admin;

/// <summary>Reads what there is, for the operator.</summary>
public sealed class EntryReader(Inventory inventory, IEntryStore entries, ISessionStore sessions, IWorkStore work, TimeProvider time)
{
    /// <summary>The keys that sort after <paramref name="after"/>, as many as fit.</summary>
    public async Task<EntryPage> ListAsync(EntryKey? after, int limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var keys = after is { } key ? inventory.ReadAfterAsync(key, cancellationToken) : inventory.ReadAsync(withContainers: false, cancellationToken);
        var found = await keys.Where(EntryItems.IsEntry).Take(limit + 1).Select(k => EntryItems.Of(k, now)).ToListAsync(cancellationToken);
        return found.Count > limit ? new(found[..limit], found[limit - 1].Key) : new(found, null);
    }

    /// <summary>All of one key; null when it is unknown.</summary>
    public async Task<EntryDetail?> FindAsync(EntryKey key, CancellationToken cancellationToken)
    {
        var pins = sessions.ListAsync(key, cancellationToken);
        var rows = entries.ReadAllAsync(key, cancellationToken);
        await Task.WhenAll(pins, rows);
        if (await rows is not { } found)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var all = new KeyInventory(key, found, await pins, []);
        var reports = await Task.WhenAll(found.Generations.Select(e => e.IsTerminal ? Task.FromResult<IReadOnlyList<WorkReport>>([]) : work.ReadAsync(e.Id, cancellationToken)));
        return new(
            EntryItems.Of(all, now),
            EntryItems.AliasOf(all),
            [.. found.Generations.Zip(reports, (entry, work) => EntryItems.Of(entry, all.IsInForce(entry.Id.Generation), work))],
            [.. all.Sessions.Where(s => s.Expires > now).Select(EntryItems.Of)]);
    }
}
