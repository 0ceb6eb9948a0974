using HlsCache.Core.Plans;

namespace HlsCache.Service;

/// <summary>Section <c>Encode</c>: the settings that change encoded bytes.</summary>
public sealed class EncodeOptions
{
    public const string Section = "Encode";

    /// <summary>Speed presets of libx264, fastest first.</summary>
    public static readonly IReadOnlyList<string> Presets =
        ["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"];

    public string VideoCodec { get; set; } = "libx264";

    public string Preset { get; set; } = "veryfast";

    /// <summary>Constant rate factor: lower is better and larger.</summary>
    public int Crf { get; set; } = 23;

    /// <summary>Bit rate of the sound in kbit/s.</summary>
    public int AudioKilobits { get; set; } = 160;

    public EncodeProfile Profile(double segmentSeconds) =>
        new(EncodeProfile.CurrentRecipe, segmentSeconds, VideoCodec, Preset, Crf, AudioKilobits);
}
