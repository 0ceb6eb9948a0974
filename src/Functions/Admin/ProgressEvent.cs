using System.Text.Json.Serialization;

namespace HlsCache.Functions.Admin;

/// <summary>How far a generation has come.</summary>
/// <param name="State"><c>queued</c>, <c>encoding</c>, <c>complete</c>, <c>failed</c> or <c>gone</c>.</param>
/// <param name="Error">Why it failed, or null.</param>
internal sealed record ProgressEvent(string State, int Ready, int Total, int Percent, double Speed, string? Error)
{
    [JsonIgnore]
    public bool IsLast => State is not ("queued" or "encoding");
}
