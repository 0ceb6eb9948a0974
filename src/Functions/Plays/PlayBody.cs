using System.Text.Json;

namespace HlsCache.Functions.Plays;

/// <summary>What <c>POST /api/play</c> takes. The audio track may be a number or text.</summary>
internal sealed record PlayBody(string? Source, string? Quality, JsonElement? Audio, bool OwnSession = false)
{
    /// <summary>The audio track as text; something else than a number or text becomes text that no track is called.</summary>
    public string? AudioText() => Audio is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } audio
        ? null
        : audio.ValueKind == JsonValueKind.String ? audio.GetString() : audio.GetRawText();
}
