using System.Text.Json.Serialization;

namespace HlsCache.Encoder.Probing;

internal sealed record ProbeSideData([property: JsonPropertyName("rotation")] double? Rotation);
