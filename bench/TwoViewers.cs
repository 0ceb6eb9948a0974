using System.Diagnostics;
using System.Globalization;

namespace HlsCache.Bench;

/// <summary>Processor time of an encode that two viewers share, against that of one.</summary>
internal static class TwoViewers
{
    private const int Rounds = 4;

    public static async Task<IReadOnlyList<Figure>> MeasureAsync(BenchStack stack, CancellationToken cancellationToken)
    {
        List<double> one = [], two = [];
        for (var i = 0; i < Rounds; i++)
        {
            one.Add(await EncodeAsync(stack, 1, cancellationToken));
            two.Add(await EncodeAsync(stack, 2, cancellationToken));
        }

        return
        [
            new("two-viewers", "encoder and ffmpeg, one viewer of a cold film", one, "CPU s"),
            Figure.Ratio("two-viewers", "two viewers / one", two, one),
        ];
    }

    private static async Task<double> EncodeAsync(BenchStack stack, int viewers, CancellationToken cancellationToken)
    {
        var (film, _) = stack.NewFilm();
        var before = CpuSeconds(stack.Encoder);
        await Task.WhenAll(Enumerable.Range(0, viewers).Select(_ => stack.Player.FirstSegmentAsync(film, "480p", false, cancellationToken)));
        await stack.Player.WaitUntilSealedAsync(await stack.Player.PlayAsync(film, "480p", cancellationToken), cancellationToken);
        return CpuSeconds(stack.Encoder) - before;
    }

    // Own time and that of children that have ended: fields 14 to 17, proc_pid_stat(5).
    private static double CpuSeconds(Process process)
    {
        var stat = File.ReadAllText($"/proc/{process.Id}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[11..15].Sum(t => long.Parse(t, CultureInfo.InvariantCulture)) / 100.0;
    }
}
