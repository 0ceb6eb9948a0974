using System.Text.Json.Serialization;

namespace HlsCache.Encoder.Probing;

internal sealed record ProbeFormat(
    [property: JsonPropertyName("format_name")] string? Name,
    [property: JsonPropertyName("start_time")] string? StartTime,
    string? Duration);
