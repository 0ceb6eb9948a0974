using System.Text.Json.Serialization;

namespace HlsCache.Core.Plans;

/// <summary>The video rendition to be made.</summary>
/// <param name="Stream">ffmpeg's index of the source's stream.</param>
/// <param name="Width">Width of the encoded picture in pixels, even.</param>
/// <param name="Height">Height of the encoded picture in pixels, even.</param>
/// <param name="Deinterlace">Whether the source says that its pictures are interlaced.</param>
/// <param name="Level">H.264 level times ten to encode at, as in 40.</param>
/// <param name="MaxKilobits">Ceiling of the bit rate, in kbit/s.</param>
/// <param name="Grid">Where segments begin, in frames.</param>
/// <param name="Units">Frames.</param>
public sealed record VideoPlan(int Stream, int Width, int Height, bool Deinterlace, int Level, int MaxKilobits, SegmentGrid Grid, long Units) : IRenditionPlan
{
    [JsonIgnore]
    public Rendition Rendition => Rendition.Video;

    // Whole ticks a frame at every rate; small rates are raised because mp4 time scales below about 1000 make players round.
    [JsonIgnore]
    public int Timescale => checked((int)(Grid.Rate.Numerator < 1000 ? Grid.Rate.Numerator * 512 : Grid.Rate.Numerator));

    [JsonIgnore]
    public int? TicksPerUnit => IsCopy ? null : checked((int)(Timescale * Grid.Rate.Denominator / Grid.Rate.Numerator));

    /// <summary>RFC 6381 name of the source's own stream when it is copied as it is; null when it is encoded.</summary>
    public string? CopiedCodec { get; init; }

    [JsonIgnore]
    public bool IsCopy => CopiedCodec is not null;

    [JsonIgnore]
    public bool CanStartAnywhere => !IsCopy;

    [JsonIgnore]
    public int PrerollSegments => 0;

    /// <summary>RFC 6381 name of what comes out: H.264 High at the plan's level, where it is encoded.</summary>
    [JsonIgnore]
    public string Codec => CopiedCodec ?? $"avc1.6400{Level:X2}";
}
