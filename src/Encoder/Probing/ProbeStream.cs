using System.Text.Json.Serialization;

namespace HlsCache.Encoder.Probing;

internal sealed record ProbeStream(
    int Index,
    [property: JsonPropertyName("codec_type")] string? Type,
    [property: JsonPropertyName("codec_name")] string? Codec,
    [property: JsonPropertyName("pix_fmt")] string? PixelFormat,
    string? Profile,
    int Level,
    int Width,
    int Height,
    [property: JsonPropertyName("sample_aspect_ratio")] string? SampleAspectRatio,
    [property: JsonPropertyName("field_order")] string? FieldOrder,
    [property: JsonPropertyName("r_frame_rate")] string? Rate,
    [property: JsonPropertyName("avg_frame_rate")] string? AverageRate,
    [property: JsonPropertyName("start_time")] string? StartTime,
    string? Duration,
    IReadOnlyDictionary<string, int>? Disposition,
    IReadOnlyDictionary<string, string>? Tags,
    [property: JsonPropertyName("side_data_list")] IReadOnlyList<ProbeSideData>? SideData);
