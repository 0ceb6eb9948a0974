using HlsCache.Core.Plans;
using HlsCache.Core.Segments;
using HlsCache.Encoder.Planning;
using HlsCache.Encoder.Probing;

namespace HlsCache.Encoder.Renditions;

/// <summary>Looks whether a film ends where ffmpeg did.</summary>
public sealed class EndConfirmer(Prober prober)
{
    // What a decoder may lose at a broken end, or a container may miscount.
    private const double ToleranceSeconds = 1;

    // By how much a container's claim falls short of the last packet in it when it is right: a frame, or the encoder's last one.
    private const int RoundingUnits = 2;

    /// <summary>Whether an end at that unit is where the plan has it.</summary>
    public static bool IsPlanned(IRenditionPlan rendition, long reached) => reached >= rendition.Units && reached <= rendition.Units + RoundingUnits;

    /// <summary>
    /// An end that was not planned is believed only when reading all packets of the source shows the same one: a read that broke off looks
    /// no different from here.
    /// </summary>
    /// <exception cref="EncodeException">The source goes on, or cannot be read.</exception>
    public async Task ConfirmAsync(PlannedSource film, IRenditionPlan rendition, RunEnd.SourceEnded ended, CancellationToken cancellationToken)
    {
        var seconds = rendition.Grid.Microseconds(ended.Reached) / 1e6;
        var end = await prober.EndAsync(film.Source, rendition.Stream, film.Info.Start, cancellationToken);
        if (ended.Reached == 0 || end is null || Math.Abs(seconds - end.Value) > ToleranceSeconds)
        {
            throw new EncodeException(
                end is null
                    ? $"The {BlobNames.Folder(rendition.Rendition)} of the source could not be read any more after {seconds:F1} s: {ended.Said}"
                    : $"ffmpeg stopped after {seconds:F1} s of {end:F1} s of {BlobNames.Folder(rendition.Rendition)} (exit code {ended.ExitCode}): {ended.Said}");
        }
    }
}
