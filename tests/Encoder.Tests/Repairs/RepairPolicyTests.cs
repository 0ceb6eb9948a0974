using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Segments;
using HlsCache.Encoder.Repairs;
using HlsCache.Testing;

namespace HlsCache.Encoder.Tests.Repairs;

public sealed class RepairPolicyTests
{
    private static readonly Generation Damaged = Generation.After(null, Samples.Now);

    private readonly Entry entry = Samples.Entry(Samples.Request(), Damaged) with { RepairOf = Damaged };

    private Manifest Seal => new(
        Manifest.CurrentVersion, Samples.Plan() with { Key = entry.Id.Key.Value, Generation = Damaged.Value }, [], 1, Samples.Now);

    [Fact]
    public void A_repair_takes_from_what_was_encoded_alike() => RepairPolicy.MayTakeFrom(Seal, entry).ShouldBeTrue();

    [Fact]
    public void It_takes_nothing_that_was_encoded_from_other_bytes_or_with_other_settings()
    {
        RepairPolicy.MayTakeFrom(Seal, entry with { Stamp = "other" }).ShouldBeFalse();
        RepairPolicy.MayTakeFrom(Seal, entry with { Profile = entry.Profile with { Crf = 30 } }).ShouldBeFalse();
    }

    [Fact]
    public void It_takes_nothing_from_another_generation_than_the_one_that_it_repairs()
    {
        RepairPolicy.MayTakeFrom(Seal, entry with { RepairOf = null }).ShouldBeFalse();
        RepairPolicy.MayTakeFrom(Seal, entry with { RepairOf = entry.Id.Generation }).ShouldBeFalse();
        RepairPolicy.MayTakeFrom(Seal with { Plan = Seal.Plan with { Key = Samples.NewRequest().Key.Value } }, entry).ShouldBeFalse();
    }
}
