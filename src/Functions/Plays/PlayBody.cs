using System.Text.Json;

namespace HlsCache.Functions.Plays;

/// <summary>What <c>POST /api/play</c> takes. The audio track may be a number or text.</summary>
internal sealed record PlayBody(string? Source, string? Quality, JsonElement? Audio, bool OwnSession = false)
{
    /// <summary>The audio track as text; something else than a number or text becomes text that no track is called.</summary>
    // As it was written: to unescape text that is no Unicode would throw, and what a track is called needs no escape.
    public string? AudioText() => Audio is { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } audio ? audio.GetRawText().Trim('"') : null;
}
