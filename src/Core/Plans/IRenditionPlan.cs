namespace HlsCache.Core.Plans;

/// <summary>What video and audio have in common: a grid and a length on it.</summary>
public interface IRenditionPlan
{
    Rendition Rendition { get; }

    /// <summary>ffmpeg's index of the source's stream.</summary>
    int Stream { get; }

    SegmentGrid Grid { get; }

    /// <summary>Length in units of the grid: planned, or as it came out once the encode has ended.</summary>
    long Units { get; }

    int Segments => Grid.Count(Units);

    /// <summary>Track time scale of the fragments, in ticks a second.</summary>
    int Timescale { get; }

    /// <summary>Ticks of the track time scale in one unit of the grid; null for a copied stream, whose units are counted from the film's start.</summary>
    int? TicksPerUnit { get; }

    /// <summary>Whether an encode may begin in the middle; otherwise it always begins at the film's start.</summary>
    bool CanStartAnywhere { get; }

    /// <summary>How many segments an encode that begins in the middle makes for the sake of the next one alone.</summary>
    int PrerollSegments { get; }

    double Seconds => Grid.Microseconds(Units) / 1e6;
}
