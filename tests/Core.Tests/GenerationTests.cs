using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Testing;

namespace HlsCache.Core.Tests;

public sealed class GenerationTests
{
    [Fact]
    public void The_first_sorts_before_all_others()
    {
        Generation.Parse(Generation.First.Value).ShouldBe(Generation.First);
        (Generation.After(null, DateTimeOffset.UnixEpoch.AddMilliseconds(1)) > Generation.First).ShouldBeTrue();
        (Generation.After(Generation.First, DateTimeOffset.UnixEpoch) > Generation.First).ShouldBeTrue();
    }

    [Fact]
    public void The_first_nine_digits_tell_the_time_in_base_32()
    {
        var digits = Generation.After(null, DateTimeOffset.FromUnixTimeMilliseconds(1_767_323_045_123)).Value;
        digits.Length.ShouldBe(16);
        digits[..9].Aggregate(0L, (t, c) => (t * 32) + "0123456789abcdefghijklmnopqrstuv".IndexOf(c, StringComparison.Ordinal)).ShouldBe(1_767_323_045_123);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-1000)]
    [InlineData(-86_400_000_000)]
    public void A_generation_sorts_after_its_predecessor_whatever_the_clock_says(long clockMilliseconds)
    {
        var predecessor = Generation.After(null, Samples.Now);
        var successor = Generation.After(predecessor, Samples.Now.AddMilliseconds(clockMilliseconds));
        (successor > predecessor).ShouldBeTrue();
        (predecessor < successor).ShouldBeTrue();
        (successor >= predecessor).ShouldBeTrue();
        (successor <= predecessor).ShouldBeFalse();
        string.CompareOrdinal(successor.Value, predecessor.Value).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_long_line_of_successors_within_one_instant_ascends()
    {
        var line = new List<Generation> { Generation.After(null, Samples.Now) };
        for (var i = 0; i < 1000; i++)
        {
            line.Add(Generation.After(line[^1], Samples.Now));
        }

        line.Select(g => g.Value).ShouldBe(line.Select(g => g.Value).Order(StringComparer.Ordinal));
        line.ShouldBeUnique();
    }

    [Fact]
    public void Many_machines_in_one_instant_choose_differently() =>
        Enumerable.Range(0, 1000).Select(_ => Generation.After(null, Samples.Now)).Distinct().Count().ShouldBe(1000);

    [Fact]
    public void A_generation_is_equal_to_itself()
    {
        var generation = Generation.After(null, Samples.Now);
        var same = Generation.Parse(generation.Value).ShouldNotBeNull();
        same.ShouldBe(generation);
        same.CompareTo(generation).ShouldBe(0);
        (same >= generation && same <= generation).ShouldBeTrue();
        (same > generation || same < generation).ShouldBeFalse();
    }

    [Theory]
    [InlineData("1jdtcq1c8abcdefg", true)]
    [InlineData("0000000000000000", true)]
    [InlineData("1jdtcq1c8abcdef", false)]
    [InlineData("1jdtcq1c8abcdefgh", false)]
    [InlineData("1jdtcq1c8abcdefw", false)]
    [InlineData("1JDTCQ1C8ABCDEFG", false)]
    [InlineData("1jdtcq1c8a.cdefg", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_twelve_digits_are_a_generation(string? text, bool isGeneration)
    {
        var value = Generation.Parse(text)?.Value;
        value.ShouldBe(isGeneration ? text : null);
    }

    [Fact]
    public void It_names_a_container_that_storage_accepts()
    {
        var id = new GenerationId(Samples.Request().Key, Generation.Parse("1jdtcq1c8abcdefg").ShouldNotBeNull());
        id.ContainerName("hls").ShouldBe("hls-8a5da4814e1f6258-1jdtcq1c8abcdefg");
        id.ToString().ShouldBe("8a5da4814e1f6258-1jdtcq1c8abcdefg");
    }
}
