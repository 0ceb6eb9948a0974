using HlsCache.Core.Entries;
using HlsCache.Core.Keys;

namespace HlsCache.Core.Jobs;

/// <summary>A message to the encoders: there is work on this generation.</summary>
/// <param name="Version">Version of the message's form. An encoder hands back what is newer than it knows.</param>
/// <param name="Attempt">Which message for this generation it is.</param>
/// <param name="First">First segment wanted: where the viewer is.</param>
/// <param name="End">Segment before which the work ends; null for the film's end.</param>
/// <param name="Source">Virtual path of the film: the job of a key that became an alias finds by it what is encoded in its place, when the row is gone.</param>
public sealed record EncodeJob(int Version, string Key, string Generation, int Attempt, int First = 0, int? End = null, string? Source = null)
{
    public const int CurrentVersion = 1;

    /// <summary>Equal for messages of which one is enough.</summary>
    public string MessageId() => $"{Key}-{Generation}-{Attempt}";

    public static EncodeJob For(Entry entry) =>
        new(CurrentVersion, entry.Id.Key.Value, entry.Id.Generation.Value, entry.Attempt, Source: entry.Request.Source.Value);

    /// <summary>The generation it names, or null when the message is malformed.</summary>
    public GenerationId? Id() =>
        EntryKey.Parse(Key) is { } key && Keys.Generation.Parse(Generation) is { } generation ? new GenerationId(key, generation) : null;
}
