using System.Text.Json.Serialization;

namespace HlsCache.Functions.Timers;

/// <summary>What the Functions host reads. An empty answer would leave the invocation without an end.</summary>
/// <param name="Logs">Lines for the host's log.</param>
internal sealed record TimerAnswer(
    [property: JsonPropertyName("Logs")] IReadOnlyList<string> Logs,
    [property: JsonPropertyName("Outputs")] IReadOnlyDictionary<string, string> Outputs,
    [property: JsonPropertyName("ReturnValue")] string? ReturnValue);
