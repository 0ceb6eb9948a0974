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

    public static EntryPointer? Read(TableEntity row)
    {
        if (EntryKey.Parse(row.PartitionKey) is not { } key || Generation.Parse(row.GetString(nameof(EntryPointer.Generation))) is not { } generation)
        {
            return null;
        }

        var alias = Quality.Parse(row.GetString(AliasQuality)) is { } quality && AudioChoice.Parse(row.GetString(AliasAudio)) is { } audio
            ? new EntryAlias(quality, audio, row.GetString(AliasStamp) ?? "")
            : null;
        return new(key, generation, row.ETag.ToString()) { Alias = alias, IsVoid = row.GetBoolean(nameof(EntryPointer.IsVoid)) ?? false };
    }
}
