namespace HlsCache.Bench;

/// <summary>POST to the first whole video segment on a MISS, against bare ffmpeg's first segment of 4 s.</summary>
internal static class FirstFrame
{
    private const int Rounds = 12;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchStack stack, CancellationToken cancellationToken)
    {
        List<double> bare = [], initFirst = [], segmentFirst = [];
        for (var i = 0; i < Rounds; i++)
        {
            bare.Add((await BareFfmpeg.FirstSegmentAsync(stack.NewFilm().File, 720, cancellationToken)).TotalSeconds);
            initFirst.Add(await MissAsync(stack, segmentFirst: false, cancellationToken));
            segmentFirst.Add(await MissAsync(stack, segmentFirst: true, cancellationToken));
        }

        return
        [
            new("first-frame", "bare ffmpeg, 720p, first segment of 4 s", bare, "s"),
            new("first-frame", "MISS, 720p, init asked for first", initFirst, "s"),
            Figure.Ratio("first-frame", "MISS / bare, init first", initFirst, bare),
            Figure.Ratio("first-frame", "MISS / bare, segment first", segmentFirst, bare),
        ];
    }

    private static async Task<double> MissAsync(BenchStack stack, bool segmentFirst, CancellationToken cancellationToken)
    {
        var (film, _) = stack.NewFilm();
        var (took, play) = await stack.Player.FirstSegmentAsync(film, "720p", segmentFirst, cancellationToken);
        // The next round must not share the machine with the rest of this film.
        await stack.Player.WaitUntilSealedAsync(play, cancellationToken);
        return took.TotalSeconds;
    }
}
