namespace HlsCache.Bench;

/// <summary>The function app: process start to first 200, and what it holds resident then.</summary>
internal static class StartUp
{
    private const int Rounds = 7;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchStack stack, CancellationToken cancellationToken)
    {
        var (times, sizes) = (new List<double>(), new List<double>());
        for (var i = 0; i < Rounds; i++)
        {
            var (process, _, took) = await stack.StartAppAsync(cancellationToken);
            process.Refresh();
            times.Add(took.TotalMilliseconds);
            sizes.Add(process.WorkingSet64 / 1e6);
            await BenchStack.EndAsync(process);
        }

        return [new("start", "function app: process start to first 200", times, "ms"), new("start", "function app: resident after it", sizes, "MB")];
    }
}
