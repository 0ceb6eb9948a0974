using Azure.Data.Tables;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;

namespace HlsCache.Storage.Entries;

/// <summary>How a key's pointer is laid out in the table.</summary>
internal static class PointerRow
{
    public const string Name = "current";
    private const string AliasStamp = "AliasStamp";
    private const string AliasQuality = "AliasQuality";
    private const string AliasAudio = "AliasAudio";

    public static TableEntity Write(EntryPointer pointer) => new(pointer.Key.Value, Name)
    {
        [nameof(EntryPointer.Generation)] = pointer.Generation.Value,
        [nameof(EntryPointer.IsVoid)] = pointer.IsVoid,
        [AliasQuality] = pointer.Alias?.Quality.Name,
        [AliasAudio] = pointer.Alias?.Audio.ToString(),
        [AliasStamp] = pointer.Alias?.Stamp,
    };

    /// <param name="siblings">Names of the key's rows. A pointer that cannot be read must be there to be replaced, or the key could never be played again; it was written with the newest of them.</param>
    public static EntryPointer Read(EntryKey key, TableEntity row, IEnumerable<string> siblings)
    {
        var alias = Quality.Parse(row[AliasQuality] as string) is { } quality && AudioChoice.Parse(row[AliasAudio] as string) is { } audio
            ? new EntryAlias(quality, audio, row[AliasStamp] as string ?? "")
            : null;
        var generation = Generation.Parse(row[nameof(EntryPointer.Generation)] as string) ?? siblings.Select(Generation.Parse).Max() ?? Generation.First;
        return new(key, generation, row.ETag.ToString()) { Alias = alias, IsVoid = row[nameof(EntryPointer.IsVoid)] is true };
    }
}
