using System.Diagnostics;

namespace HlsCache.Bench;

/// <summary>POST to the seal, against bare ffmpeg to a file.</summary>
internal static class WholeEncode
{
    private const int Rounds = 5;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchStack stack, CancellationToken cancellationToken)
    {
        List<double> bare = [], ours = [];
        for (var i = 0; i < Rounds; i++)
        {
            var (film, file) = stack.NewFilm();
            bare.Add((await BareFfmpeg.WholeAsync(file, 720, cancellationToken)).TotalSeconds);
            var begun = Stopwatch.GetTimestamp();
            await stack.Player.WaitUntilSealedAsync(await stack.Player.PlayAsync(film, "720p", cancellationToken), cancellationToken);
            ours.Add(Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }

        return
        [
            new("whole-encode", "bare ffmpeg, 720p, 30 s of film to a file", bare, "s"),
            new("whole-encode", "POST to seal", ours, "s"),
            Figure.Ratio("whole-encode", "system / bare", ours, bare),
        ];
    }
}
