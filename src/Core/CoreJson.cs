using System.Text.Json.Serialization;
using HlsCache.Core.Jobs;
using HlsCache.Core.Plans;
using HlsCache.Core.Segments;

namespace HlsCache.Core;

/// <summary>The documents that are stored or sent, as camel-case JSON without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EncodeProfile))]
[JsonSerializable(typeof(EncodePlan))]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(EncodeJob))]
public sealed partial class CoreJson : JsonSerializerContext;
