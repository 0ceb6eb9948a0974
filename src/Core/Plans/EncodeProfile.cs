using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HlsCache.Core.Plans;

/// <summary>Every setting that changes encoded bytes. The function app decides it; a generation's row keeps it; the encoder obeys it.</summary>
/// <param name="Recipe">Version of the ffmpeg recipe. An encoder refuses one that it does not know.</param>
/// <param name="SegmentSeconds">Length of a full segment in seconds.</param>
/// <param name="VideoCodec">ffmpeg's name of the video encoder.</param>
/// <param name="Preset">The video encoder's speed preset.</param>
/// <param name="Crf">Constant rate factor: lower is better and larger.</param>
/// <param name="AudioKilobits">Bit rate of the sound in kbit/s.</param>
public sealed record EncodeProfile(int Recipe, double SegmentSeconds, string VideoCodec, string Preset, int Crf, int AudioKilobits)
{
    public const int CurrentRecipe = 1;

    /// <summary>First 8 bytes of SHA-256 over the profile's JSON, as hex: equal when the bytes would be.</summary>
    [JsonIgnore]
    public string Fingerprint =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, CoreJson.Default.EncodeProfile)).AsSpan(0, 8));
}
