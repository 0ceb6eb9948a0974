namespace HlsCache.Bench;

/// <summary>One line of the table: samples of a quantity, of which the median is what is quoted.</summary>
internal sealed record Figure(string Measure, string Quantity, IReadOnlyList<double> Samples, string Unit)
{
    public static void WriteHeader()
    {
        Console.WriteLine($"{"measure",-14} {"quantity",-58} {"median",10} {"min",10} {"max",10}  unit");
        Console.WriteLine(new string('-', 112));
    }

    public void Write() => Console.WriteLine($"{Measure,-14} {Quantity,-58} {Median,10:F2} {Samples.Min(),10:F2} {Samples.Max(),10:F2}  {Unit} (n={Samples.Count})");

    /// <summary>Pair by pair, because the machine's speed drifts.</summary>
    public static Figure Ratio(string measure, string quantity, IReadOnlyList<double> ours, IReadOnlyList<double> baseline) =>
        new(measure, quantity, [.. ours.Zip(baseline, (a, b) => a / b)], "x");

    private double Median => Samples.Order().ElementAt(Samples.Count / 2);
}
