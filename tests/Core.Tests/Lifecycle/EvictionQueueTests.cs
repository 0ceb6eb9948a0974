using HlsCache.Core.Entries;
using HlsCache.Core.Lifecycle;
using HlsCache.Testing;

namespace HlsCache.Core.Tests.Lifecycle;

public sealed class EvictionQueueTests
{
    [Theory]
    [InlineData(1, "a")]
    [InlineData(10, "a")]
    [InlineData(11, "a b")]
    [InlineData(30, "a b c")]
    [InlineData(1000, "a b c d")]
    public void The_least_recently_used_go_first_until_they_make_up_the_excess(long excess, string chosen)
    {
        foreach (var order in new[] { "abcd", "dcba", "cadb" })
        {
            var queue = new EvictionQueue(excess, 100);
            foreach (var name in order)
            {
                queue.Add(Entry(name, 10, name - 'a'), isInForce: true);
            }

            Names(queue.Drain()).ShouldBe(chosen, order);
        }
    }

    [Fact]
    public void A_superseded_generation_goes_before_any_in_force()
    {
        var queue = new EvictionQueue(15, 100);
        queue.Add(Entry('a', 10, 0), isInForce: true);
        queue.Add(Entry('b', 10, 5), isInForce: false);
        queue.Add(Entry('c', 10, 1), isInForce: true);
        Names(queue.Drain()).ShouldBe("b a");
    }

    [Fact]
    public void A_large_one_that_is_not_needed_after_all_stays()
    {
        var queue = new EvictionQueue(10, 100);
        queue.Add(Entry('z', 500, 9), isInForce: true);
        queue.Add(Entry('a', 10, 0), isInForce: true);
        Names(queue.Drain()).ShouldBe("a");
    }

    [Fact]
    public void It_never_holds_more_than_it_may_and_those_are_the_oldest()
    {
        var queue = new EvictionQueue(long.MaxValue, 3);
        foreach (var n in Enumerable.Range(0, 26).Reverse())
        {
            queue.Add(Entry((char)('a' + n), 10, n), isInForce: true);
        }

        Names(queue.Drain()).ShouldBe("a b c");
    }

    [Fact]
    public void Of_equal_age_the_order_is_always_the_same()
    {
        Entry[] entries = [Entry('a', 1, 0), Entry('b', 1, 0), Entry('c', 1, 0)];
        var (forth, back) = (new EvictionQueue(3, 10), new EvictionQueue(3, 10));
        foreach (var entry in entries)
        {
            forth.Add(entry, isInForce: true);
        }

        foreach (var entry in entries.Reverse())
        {
            back.Add(entry, isInForce: true);
        }

        forth.Drain().ShouldBe(back.Drain());
    }

    private static Entry Entry(char name, long bytes, int minutes) =>
        Samples.Entry(Samples.Request($"/media/{name}")) with { Bytes = bytes, LastAccess = Samples.Now.AddMinutes(minutes) };

    private static string Names(IEnumerable<Entry> entries) => string.Join(' ', entries.Select(e => e.Request.Source.Relative));
}
