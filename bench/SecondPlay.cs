namespace HlsCache.Bench;

/// <summary>POST to the first whole video segment: first play against second.</summary>
internal static class SecondPlay
{
    private const int Rounds = 8;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchStack stack, CancellationToken cancellationToken)
    {
        List<double> first = [], second = [], third = [];
        for (var i = 0; i < Rounds; i++)
        {
            var (film, _) = stack.NewFilm();
            var miss = await stack.Player.FirstSegmentAsync(film, "720p", false, cancellationToken);
            await stack.Player.WaitUntilSealedAsync(miss.Play, cancellationToken);
            first.Add(miss.Took.TotalMilliseconds);
            second.Add((await stack.Player.FirstSegmentAsync(film, "720p", false, cancellationToken)).Took.TotalMilliseconds);
            third.Add((await stack.Player.FirstSegmentAsync(film, "720p", false, cancellationToken)).Took.TotalMilliseconds);
        }

        return
        [
            new("second-play", "first play (MISS), POST to first segment", first, "ms"),
            new("second-play", "second play (HIT, not seen by this instance yet)", second, "ms"),
            new("second-play", "third play (HIT, remembered)", third, "ms"),
            Figure.Ratio("second-play", "first / second", first, second),
            Figure.Ratio("second-play", "first / third", first, third),
        ];
    }
}
