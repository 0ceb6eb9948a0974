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

    public bool IsPinned(Generation generation, DateTimeOffset now) => Sessions.Any(s => s.Pins(generation, now));

    /// <summary>Whether plays are served from the generation.</summary>
    public bool IsInForce(Generation generation) => Rows?.Pointer is { IsInForce: true } pointer && pointer.Generation == generation;
}
