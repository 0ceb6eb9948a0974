using System.Text.Json.Serialization;

namespace HlsCache.Core.Plans;

/// <summary>The audio rendition to be made: AAC-LC, stereo, 48 kHz.</summary>
/// <param name="Stream">ffmpeg's index of the source's stream.</param>
/// <param name="Track">The track's place among the source's audio tracks, from 0.</param>
/// <param name="Language">ISO 639 code, or null when the source names none.</param>
/// <param name="Kilobits">Bit rate in kbit/s.</param>
/// <param name="Grid">Where segments begin, in AAC frames.</param>
/// <param name="Units">AAC frames.</param>
public sealed record AudioPlan(int Stream, int Track, string? Language, int Kilobits, SegmentGrid Grid, long Units) : IRenditionPlan
{
    public const int SampleRate = 48_000;
    public const int SamplesPerFrame = 1024;
    public const string Codec = "mp4a.40.2";

    [JsonIgnore]
    public Rendition Rendition => Rendition.Audio;

    [JsonIgnore]
    public int Timescale => SampleRate;

    [JsonIgnore]
    public int? TicksPerUnit => SamplesPerFrame;

    [JsonIgnore]
    public bool CanStartAnywhere => true;

    // Each AAC frame overlaps with the one before, so whole frames need others in front of them, of which a segment has more than enough.
    [JsonIgnore]
    public int PrerollSegments => 1;
}
