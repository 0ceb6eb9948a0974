using System.Globalization;

namespace HlsCache.Core.Segments;

/// <summary>A set of segment indexes, written as ranges: <c>0-17,20</c>. Immutable.</summary>
public sealed class IndexSet : IEquatable<IndexSet>
{
    public static readonly IndexSet Empty = new([]);

    // Disjoint, ascending, never adjacent.
    private readonly (int First, int Last)[] ranges;

    private IndexSet((int First, int Last)[] ranges) => this.ranges = ranges;

    public int Count => ranges.Sum(r => r.Last - r.First + 1);

    /// <summary>The index behind the greatest.</summary>
    public int End => ranges.Length == 0 ? 0 : ranges[^1].Last + 1;

    /// <summary>The indexes from 0 up to <paramref name="count"/>, exclusive.</summary>
    public static IndexSet Range(int count) => count > 0 ? new([(0, count - 1)]) : Empty;

    public static IndexSet Of(IEnumerable<int> indexes)
    {
        var runs = new List<(int First, int Last)>();
        foreach (var index in indexes.Distinct().Order())
        {
            if (runs.Count > 0 && runs[^1].Last == index - 1)
            {
                runs[^1] = (runs[^1].First, index);
            }
            else
            {
                runs.Add((index, index));
            }
        }

        return new([.. runs]);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote; null when the text is something else.</summary>
    public static IndexSet? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return Empty;
        }

        var runs = new List<(int First, int Last)>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last)
                || ends.Length > 2 || last < first || (runs.Count > 0 && first - 1 <= runs[^1].Last))
            {
                return null;
            }

            runs.Add((first, last));
        }

        return new([.. runs]);
    }

    public bool Contains(int index)
    {
        var at = Array.BinarySearch(ranges, (index, int.MaxValue));
        var candidate = at >= 0 ? at : ~at - 1;
        return candidate >= 0 && ranges[candidate].Last >= index;
    }

    public IndexSet Add(int index) => Contains(index) ? this : Union(new([(index, index)]));

    public IndexSet Union(IndexSet other)
    {
        var merged = new List<(int First, int Last)>(ranges.Length + other.ranges.Length);
        foreach (var range in ranges.Concat(other.ranges).OrderBy(r => r.First))
        {
            if (merged.Count > 0 && merged[^1].Last >= range.First - 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        return new([.. merged]);
    }

    /// <summary>The runs of indexes below <paramref name="count"/> that are not in the set, each as [first, end).</summary>
    public IEnumerable<(int First, int End)> Gaps(int count)
    {
        var next = 0;
        foreach (var (first, last) in ranges)
        {
            if (Math.Min(first, count) > next)
            {
                yield return (next, Math.Min(first, count));
            }

            if (last >= count)
            {
                yield break; // Also keeps last + 1 from overflowing.
            }

            next = Math.Max(next, last + 1);
        }

        if (next < count)
        {
            yield return (next, count);
        }
    }

    public bool Equals(IndexSet? other) => other is not null && ranges.AsSpan().SequenceEqual(other.ranges);

    public override bool Equals(object? obj) => Equals(obj as IndexSet);

    public override int GetHashCode() => HashCode.Combine(ranges.Length, Count);

    public override string ToString() => string.Join(',', ranges.Select(r => r.First == r.Last ? $"{r.First}" : $"{r.First}-{r.Last}"));
}
