using System.Text.Json;
using System.Text.Json.Serialization;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;

namespace HlsCache.Core.Jobs;

/// <summary>A message to the encoders: there is work on this generation.</summary>
/// <param name="Version">Version of the message's form. An encoder hands back what is newer than it knows.</param>
/// <param name="Attempt">Which message for this generation it is.</param>
/// <param name="First">First segment wanted: where the viewer is.</param>
/// <param name="End">Segment before which the work ends; null for the film's end.</param>
/// <param name="Source">Virtual path of the film: the job of a key that became an alias finds by it what is encoded in its place, when the row is gone.</param>
/// <param name="Priority">A message that does not say is urgent.</param>
/// <param name="TraceParent">Trace context of the request that asked for the work, in W3C form.</param>
public sealed record EncodeJob(
    int Version,
    string Key,
    string Generation,
    int Attempt,
    int First = 0,
    int? End = null,
    string? Source = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] JobPriority Priority = JobPriority.Urgent,
    string? TraceParent = null)
{
    public const int CurrentVersion = 1;

    /// <summary>Equal for messages of which one is enough.</summary>
    public string MessageId() => $"{Key}-{Generation}-{Attempt}";

    public static EncodeJob For(Entry entry) =>
        new(CurrentVersion, entry.Id.Key.Value, entry.Id.Generation.Value, entry.Attempt, Source: entry.Request.Source.Value);

    public static byte[] Write(EncodeJob job) => JsonSerializer.SerializeToUtf8Bytes(job, CoreJson.Default.EncodeJob);

    /// <summary>Null when the text is no job. Of a newer version, whose members may mean something else, the version alone is read.</summary>
    public static EncodeJob? Read(ReadOnlySpan<byte> text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, CoreJson.Default.EncodeJob);
        }
        catch (JsonException)
        {
            return NewerVersion(text) is { } version ? new(version, "", "", 0) : null;
        }
    }

    /// <summary>The generation it names, or null when the message is malformed.</summary>
    public GenerationId? Id() =>
        EntryKey.Parse(Key) is { } key && Keys.Generation.Parse(Generation) is { } generation ? new GenerationId(key, generation) : null;

    private static int? NewerVersion(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text);
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("version", out var member) && member.ValueKind == JsonValueKind.Number
                && member.TryGetInt32(out var version) && version > CurrentVersion ? version : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
