using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Sessions;

namespace HlsCache.Core.Lifecycle;

/// <summary>All that exists of one key.</summary>
/// <param name="Rows">Its rows, or null when it has none.</param>
/// <param name="Sessions">Live ones and ended ones.</param>
/// <param name="Containers">In order of age; empty when they were not asked for.</param>
public sealed record KeyInventory(EntryKey Key, KeyRows? Rows, IReadOnlyList<PlaySession> Sessions, IReadOnlyList<GenerationId> Containers)
{
    public IReadOnlyList<Entry> Generations => Rows?.Generations ?? [];

    /// <summary>What is asked for under the key; null when nothing tells. An alias has no generation: who plays it knows of what film it is.</summary>
    public PlayRequest? Request => Generations is [.., var newest] ? newest.Request : Sessions.Select(s => s.Request).LastOrDefault(r => r is not null);

    /// <summary>What is encoded for the key: of an alias, the other one.</summary>
    public PlayRequest? Canonical => Request is { } request && Rows?.Pointer is { IsVoid: false, Alias: { } alias } ? alias.Resolve(request) : Request;

    /// <summary>Whether somebody is watching the generation, or a repair is taking from it what is good.</summary>
    public bool IsPinned(Generation generation, DateTimeOffset now) =>
        Sessions.Any(s => s.Pins(generation, now)) || Generations.Any(e => !e.IsTerminal && e.RepairOf == generation);

    /// <summary>Whether plays are served from the generation.</summary>
    public bool IsInForce(Generation generation) => Rows?.Pointer is { IsInForce: true } pointer && pointer.Generation == generation;
}
