using HlsCache.Service.Generations;

namespace HlsCache.Service.Plays;

/// <summary>How far an encode has come.</summary>
/// <param name="Ready">Segments that exist.</param>
/// <param name="Total">Segments planned; 0 until the film is probed.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="Speed">Seconds of film encoded in a second; 0 when nothing is being encoded.</param>
public sealed record Progress(int Ready, int Total, int Percent, double Speed)
{
    public static readonly Progress None = new(0, 0, 0, 0);

    public static Progress Of(GenerationView? view)
    {
        var (ready, total) = view?.Count() ?? (0, 0);
        return new(ready, total, total == 0 ? 0 : ready * 100 / total, Math.Round(view?.Speed ?? 0, 2));
    }
}
