using HlsCache.Core.Entries;
using HlsCache.Core.Segments;

namespace HlsCache.Encoder.Repairs;

/// <summary>From which generation a repair may take anything.</summary>
public static class RepairPolicy
{
    /// <summary>Whether the seal is that of the damaged generation, and what it seals was encoded from the same bytes with the same settings.</summary>
    public static bool MayTakeFrom(Manifest seal, Entry entry) =>
        entry.RepairOf is { } damaged
        && seal.Plan.Key == entry.Id.Key.Value
        && seal.Plan.Generation == damaged.Value
        && seal.Plan.Stamp == entry.Stamp
        && seal.Plan.Profile.Fingerprint == entry.Profile.Fingerprint;
}
