namespace HlsCache.Bench;

/// <summary>The function app: process start to first 200, and what it holds resident then; as it is deployed against as it is built.</summary>
internal static class StartUp
{
    private const int Rounds = 9;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchStack stack, CancellationToken cancellationToken)
    {
        List<Start> built = [], packaged = [];
        for (var i = 0; i < Rounds; i++)
        {
            built.Add(await StartAsync(stack, BenchStack.Built, cancellationToken));
            packaged.Add(await StartAsync(stack, BenchStack.Packaged, cancellationToken));
        }

        return
        [
            new("start", "function app as deployed: process start to first 200", [.. packaged.Select(s => s.Milliseconds)], "ms"),
            new("start", "function app as built: process start to first 200", [.. built.Select(s => s.Milliseconds)], "ms"),
            Figure.Ratio("start", "as deployed / as built, time", [.. packaged.Select(s => s.Milliseconds)], [.. built.Select(s => s.Milliseconds)]),
            Figure.Ratio("start", "as deployed / as built, processor time", [.. packaged.Select(s => s.Processor)], [.. built.Select(s => s.Processor)]),
            new("start", "function app as deployed: resident after it", [.. packaged.Select(s => s.Megabytes)], "MB"),
        ];
    }

    private static async Task<Start> StartAsync(BenchStack stack, string executable, CancellationToken cancellationToken)
    {
        var (process, _, took) = await stack.StartAppAsync(executable, cancellationToken);
        process.Refresh();
        var start = new Start(took.TotalMilliseconds, process.TotalProcessorTime.TotalMilliseconds, process.WorkingSet64 / 1e6);
        await BenchStack.EndAsync(process);
        return start;
    }

    private sealed record Start(double Milliseconds, double Processor, double Megabytes);
}
