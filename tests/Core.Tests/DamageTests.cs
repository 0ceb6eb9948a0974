using HlsCache.Core.Segments;
using HlsCache.Testing;

namespace HlsCache.Core.Tests;

public sealed class DamageTests
{
    private const string Md5 = "XUFAKrxLKna5cZ2REBfFkg==";
    private const string OtherMd5 = "1B2M2Y8AsgTpgAmY7PhCfg==";

    private static Manifest Seal { get; } = new(
        Manifest.CurrentVersion, Samples.Plan(), [.. SealedBlobs.Of(Samples.Plan()).Select(name => new StoredBlob(name, 100, Md5))], 1, Samples.Now);

    public static TheoryData<string> Names => [.. SealedBlobs.Of(Samples.Plan())];

    [Fact]
    public void What_is_as_it_was_sealed_is_whole() => Damage.Find(Seal, Seal.Blobs.Reverse()).ShouldBeEmpty();

    [Fact]
    public void What_else_is_there_does_not_matter() =>
        Damage.Find(Seal, [new("plan.json", 7, null), new("video/seg-99.m4s", 0, OtherMd5), .. Seal.Blobs, new(".complete", 9, null)]).ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(Names))]
    public void A_missing_blob_is_found(string name) => Find(name, null).ShouldBe([new(name, DamageKind.Missing)]);

    [Theory]
    [InlineData(99, Md5, DamageKind.Resized)]
    [InlineData(0, Md5, DamageKind.Resized)]
    [InlineData(101, OtherMd5, DamageKind.Resized)]
    [InlineData(100, OtherMd5, DamageKind.Altered)]
    [InlineData(100, null, DamageKind.Altered)]
    public void A_blob_of_another_size_or_content_is_found(long size, string? md5, DamageKind kind) =>
        Find("video/seg-3.m4s", new("video/seg-3.m4s", size, md5)).ShouldBe([new("video/seg-3.m4s", kind)]);

    [Fact]
    public void Where_the_seal_knows_no_MD5_the_size_decides()
    {
        var seal = Seal with { Blobs = [.. Seal.Blobs.Select(b => b with { Md5 = null })] };
        Damage.Find(seal, Seal.Blobs).ShouldBeEmpty();
        Damage.Find(seal, Seal.Blobs.Select(b => b with { Size = 1 })).Count.ShouldBe(Seal.Blobs.Count);
    }

    [Fact]
    public void A_blob_that_the_seal_forgot_is_not_to_be_trusted()
    {
        var seal = Seal with { Blobs = [.. Seal.Blobs.Where(b => b.Name != "audio/init.mp4")] };
        Damage.Find(seal, Seal.Blobs).ShouldBe([new("audio/init.mp4", DamageKind.Missing)]);
    }

    [Fact]
    public void Names_are_told_apart_by_case() =>
        Find("video/init.mp4", new("video/INIT.mp4", 100, Md5)).ShouldBe([new("video/init.mp4", DamageKind.Missing)]);

    [Fact]
    public void All_that_is_damaged_is_found_in_the_order_of_the_plan()
    {
        var expected = SealedBlobs.Of(Samples.Plan()).Select(name => new DamagedBlob(name, DamageKind.Missing)).ToList();
        Damage.Find(Seal, []).ShouldBe(expected);
    }

    /// <summary>What is found when the blob of that name is another, or not there.</summary>
    private static IReadOnlyList<DamagedBlob> Find(string name, StoredBlob? instead) =>
        Damage.Find(Seal, [.. Seal.Blobs.Where(b => b.Name != name), .. instead is null ? [] : new[] { instead }]);
}
