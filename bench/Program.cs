using HlsCache.Bench;

var measures = new (string Name, Func<BenchStack, CancellationToken, Task<IReadOnlyList<Figure>>> Run)[]
{
    ("start", StartUp.MeasureAsync),
    ("first-frame", FirstFrame.MeasureAsync),
    ("whole-encode", WholeEncode.MeasureAsync),
    ("second-play", SecondPlay.MeasureAsync),
    ("hit-rate", HitRate.MeasureAsync),
    ("hit-path", HitPath.MeasureAsync),
    ("held", Held.MeasureAsync),
    ("two-viewers", TwoViewers.MeasureAsync),
    ("playlist", Playlist.MeasureAsync),
    ("sweep", Sweep.MeasureAsync),
};
if (args.FirstOrDefault(a => measures.All(m => m.Name != a)) is { } unknown)
{
    Console.Error.WriteLine($"There is no measure {unknown}; there are {string.Join(", ", measures.Select(m => m.Name))}.");
    return 2;
}

await using var stack = await BenchStack.StartAsync(CancellationToken.None);
Figure.WriteHeader();
foreach (var (_, run) in measures.Where(m => args.Length == 0 || args.Contains(m.Name)))
{
    foreach (var figure in await run(stack, CancellationToken.None))
    {
        figure.Write();
    }
}

return 0;
