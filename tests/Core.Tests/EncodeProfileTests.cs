using HlsCache.Core.Plans;
using HlsCache.Testing;

namespace HlsCache.Core.Tests;

public sealed class EncodeProfileTests
{
    // Another value would make every entry of every deployment a miss: change it knowingly.
    [Fact]
    public void The_fingerprint_is_the_same_in_every_version() => Samples.Profile.Fingerprint.ShouldBe("15145639a594deca");

    [Fact]
    public void Equal_profiles_have_equal_fingerprints() => (Samples.Profile with { }).Fingerprint.ShouldBe(Samples.Profile.Fingerprint);

    [Fact]
    public void Each_setting_changes_the_fingerprint()
    {
        var p = Samples.Profile;
        EncodeProfile[] all =
        [
            p,
            p with { Recipe = p.Recipe + 1 },
            p with { SegmentSeconds = 4.5 },
            p with { VideoCodec = "libx265" },
            p with { Preset = "medium" },
            p with { Crf = 22 },
            p with { AudioKilobits = 160 },
        ];
        all.Length.ShouldBe(1 + typeof(EncodeProfile).GetProperties().Count(property => property.CanWrite), "A setting is missing here.");
        all.DistinctBy(x => x.Fingerprint, StringComparer.Ordinal).Count().ShouldBe(all.Length);
    }
}
