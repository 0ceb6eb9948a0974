using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Sessions;

namespace HlsCache.Service.Lifecycle;

/// <summary>The operator's pins: sessions without end, which no token can name and therefore no viewer end.</summary>
public sealed class OperatorPins(IEntryStore entries, ISessionStore sessions)
{
    public const string Id = "operator";

    /// <summary>Keeps what the key stands for from being evicted; false when there is no such entry.</summary>
    public async Task<bool> PinAsync(EntryKey key, CancellationToken cancellationToken)
    {
        if (await TargetAsync(key, cancellationToken) is not { } request)
        {
            return false;
        }

        await sessions.PutAsync(new(request, Id, from: null, own: false, DateTimeOffset.MaxValue), cancellationToken);
        return true;
    }

    /// <summary>Lets the pin of the key go of what has a sealed successor: an operator keeps a film and not its history.</summary>
    public async Task AdvanceAsync(KeyInventory key, CancellationToken cancellationToken)
    {
        if (key.Generations.LastOrDefault(e => e.State == EntryState.Complete && key.IsInForce(e.Id.Generation)) is { } film
            && key.Sessions.FirstOrDefault(s => s.Id == Id) is { } pin && (pin.From is null || pin.From < film.Id.Generation))
        {
            await sessions.TryReplaceAsync(pin with { From = film.Id.Generation }, cancellationToken);
        }
    }

    /// <summary>Lets go of it; false when there is neither such an entry nor such a pin.</summary>
    public async Task<bool> UnpinAsync(EntryKey key, CancellationToken cancellationToken)
    {
        var isPinned = await sessions.FindAsync(key, Id, cancellationToken) is not null;
        var target = await TargetAsync(key, cancellationToken);
        await sessions.DeleteAsync(key, Id, cancellationToken);
        if (target is not null && target.Key != key)
        {
            await sessions.DeleteAsync(target.Key, Id, cancellationToken);
        }

        return isPinned || target is not null;
    }

    private async Task<PlayRequest?> TargetAsync(EntryKey key, CancellationToken cancellationToken) =>
        await entries.ReadAllAsync(key, cancellationToken) is { } rows
            ? new KeyInventory(key, rows, await sessions.ListAsync(key, cancellationToken), []).Canonical
            : null;
}
