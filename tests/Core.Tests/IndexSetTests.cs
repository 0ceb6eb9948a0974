using HlsCache.Core.Segments;

namespace HlsCache.Core.Tests;

public sealed class IndexSetTests
{
    [Theory]
    [InlineData(new int[0], "")]
    [InlineData(new[] { 0 }, "0")]
    [InlineData(new[] { 3, 1, 2, 2 }, "1-3")]
    [InlineData(new[] { 0, 1, 3, 20, 21, 5 }, "0-1,3,5,20-21")]
    public void A_set_is_written_as_ranges(int[] indexes, string text)
    {
        var set = IndexSet.Of(indexes);
        set.ToString().ShouldBe(text);
        set.ShouldBe(IndexSet.Parse(text));
        set.Count.ShouldBe(indexes.Distinct().Count());
    }

    [Fact]
    public void Nothing_is_the_empty_set() => IndexSet.Parse(null).ShouldBe(IndexSet.Empty);

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("1-")]
    [InlineData("-")]
    [InlineData(",")]
    [InlineData("1,")]
    [InlineData("1 ,3")]
    [InlineData("3-1")]
    [InlineData("1-2-3")]
    [InlineData("3,1")]
    [InlineData("1,1")]
    [InlineData("1,2")]
    [InlineData("1-3,4")]
    [InlineData("1-5,3-8")]
    [InlineData("2147483648")]
    [InlineData("2147483647,5")]
    public void Text_that_no_set_would_write_is_refused(string text) => IndexSet.Parse(text).ShouldBeNull();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void It_behaves_as_a_set(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var highest = random.Next(1, 120);
            var (model, set) = (new HashSet<int>(), IndexSet.Empty);
            for (var n = random.Next(0, 80); n > 0; n--)
            {
                if (random.Next(4) == 0)
                {
                    var others = Enumerable.Range(0, random.Next(0, 30)).Select(_ => random.Next(highest)).ToArray();
                    model.UnionWith(others);
                    set = random.Next(2) == 0 ? set.Union(IndexSet.Of(others)) : IndexSet.Of(others).Union(set);
                }
                else
                {
                    var index = random.Next(highest);
                    model.Add(index);
                    set = set.Add(index);
                }
            }

            Check(set, model, highest);
        }
    }

    [Fact]
    public void Adding_leaves_the_original_as_it_was()
    {
        var set = IndexSet.Of([1]);
        set.Add(2).ToString().ShouldBe("1-2");
        set.ToString().ShouldBe("1");
        set.Add(1).ShouldBeSameAs(set);
    }

    [Theory]
    [InlineData("", 0, "")]
    [InlineData("", 3, "0-3")]
    [InlineData("0-2", 3, "")]
    [InlineData("0-9", 3, "")]
    [InlineData("5-9", 3, "0-3")]
    [InlineData("1", 3, "0-1 2-3")]
    [InlineData("0,2-3,7", 6, "1-2 4-6")]
    [InlineData("2147483647", 3, "0-3")]
    [InlineData("0-2147483647", 3, "")]
    [InlineData("1-2147483647", 3, "0-1")]
    public void Gaps_are_what_is_missing_below_the_count(string set, int count, string gaps) =>
        string.Join(' ', IndexSet.Parse(set).ShouldNotBeNull().Gaps(count).Select(g => $"{g.First}-{g.End}")).ShouldBe(gaps);

    [Fact]
    public void The_greatest_index_is_an_index()
    {
        var set = IndexSet.Of([int.MaxValue, int.MaxValue - 1]).Add(0);
        set.ToString().ShouldBe("0,2147483646-2147483647");
        set.Contains(int.MaxValue).ShouldBeTrue();
        set.Contains(int.MaxValue - 2).ShouldBeFalse();
        set.Count.ShouldBe(3);
    }

    [Fact]
    public void Sets_are_equal_by_what_they_hold()
    {
        IndexSet.Of([1, 2]).Equals((object)IndexSet.Of([2, 1])).ShouldBeTrue();
        IndexSet.Of([1, 2]).GetHashCode().ShouldBe(IndexSet.Of([2, 1]).GetHashCode());
        IndexSet.Of([1, 2]).Equals(IndexSet.Of([1, 3])).ShouldBeFalse();
        IndexSet.Of([1]).Equals(null).ShouldBeFalse();
    }

    private static void Check(IndexSet set, HashSet<int> model, int highest)
    {
        set.Count.ShouldBe(model.Count);
        set.ShouldBe(IndexSet.Of(model));
        IndexSet.Parse(set.ToString()).ShouldBe(set);
        Enumerable.Range(-1, highest + 2).Where(set.Contains).ShouldBe(model.Order());
        foreach (var count in new[] { 0, 1, highest / 2, highest, highest + 7 })
        {
            set.Gaps(count).ShouldAllBe(g => g.First < g.End);
            set.Gaps(count).SelectMany(g => Enumerable.Range(g.First, g.End - g.First))
                .ShouldBe(Enumerable.Range(0, count).Where(i => !model.Contains(i)));
        }
    }
}
