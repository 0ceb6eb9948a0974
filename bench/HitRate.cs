using System.Diagnostics;

namespace HlsCache.Bench;

/// <summary>64 HIT plays, 16 at once, each with everything that a player fetches before the first picture.</summary>
internal static class HitRate
{
    private const int Plays = 64;
    private const int AtOnce = 16;
    private const int Rounds = 5;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchStack stack, CancellationToken cancellationToken)
    {
        var (film, _) = stack.NewFilm();
        await stack.Player.WaitUntilSealedAsync(await stack.Player.PlayAsync(film, "720p", cancellationToken), cancellationToken);
        List<double> rates = [], failures = [];
        for (var i = 0; i < Rounds; i++)
        {
            var failed = 0;
            var begun = Stopwatch.GetTimestamp();
            await Parallel.ForEachAsync(Enumerable.Range(0, Plays), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, token) =>
            {
                try
                {
                    if (!await stack.Player.StartAsync(film, "720p", token))
                    {
                        Interlocked.Increment(ref failed);
                    }
                }
                catch (HttpRequestException)
                {
                    Interlocked.Increment(ref failed);
                }
            });
            rates.Add(Plays / Stopwatch.GetElapsedTime(begun).TotalSeconds);
            failures.Add(failed);
        }

        return [new("hit-rate", "64 HIT plays, 16 at once", rates, "plays/s"), new("hit-rate", "of them failed", failures, "plays")];
    }
}
