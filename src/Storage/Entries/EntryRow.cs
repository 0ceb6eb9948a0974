using System.Text.Json;
using Azure.Data.Tables;
using HlsCache.Core;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;

namespace HlsCache.Storage.Entries;

/// <summary>How a generation's row is laid out in the table.</summary>
internal static class EntryRow
{
    private const int SchemaVersion = 1;

    public static TableEntity Write(Entry entry)
    {
        var row = new TableEntity(entry.Id.Key.Value, entry.Id.Generation.Value)
        {
            [nameof(SchemaVersion)] = SchemaVersion,
            [nameof(Entry.State)] = entry.State.ToString(),
            [nameof(Entry.Stamp)] = entry.Stamp,
            [nameof(Entry.Profile)] = JsonSerializer.Serialize(entry.Profile, CoreJson.Default.EncodeProfile),
            [nameof(Entry.Reason)] = entry.Reason.ToString(),
            [nameof(Entry.Created)] = entry.Created,
            [nameof(Entry.LastAccess)] = entry.LastAccess,
            [nameof(Entry.Attempt)] = entry.Attempt,
            [nameof(Entry.EnqueuedAt)] = entry.EnqueuedAt,
            [nameof(Entry.SentAt)] = entry.SentAt,
            [nameof(Entry.Planned)] = entry.Planned,
            [nameof(Entry.VideoUnits)] = entry.VideoUnits,
            [nameof(Entry.AudioUnits)] = entry.AudioUnits,
            [nameof(Entry.VideoSegments)] = entry.VideoSegments,
            [nameof(Entry.AudioSegments)] = entry.AudioSegments,
            [nameof(Entry.VideoEnd)] = entry.VideoEnd,
            [nameof(Entry.AudioEnd)] = entry.AudioEnd,
            [nameof(Entry.Seconds)] = entry.Seconds,
            [nameof(Entry.Bytes)] = entry.Bytes,
            [nameof(Entry.EncodeSeconds)] = entry.EncodeSeconds,
            [nameof(Entry.Failures)] = entry.Failures,
            [nameof(Entry.ReadyAtClaim)] = entry.ReadyAtClaim,
            [nameof(Entry.Error)] = entry.Error,
            [nameof(Entry.FailedAt)] = entry.FailedAt,
            [nameof(Entry.EvictingSince)] = entry.EvictingSince,
            [nameof(Entry.RepairOf)] = entry.RepairOf?.Value,
        };
        RequestColumns.Write(row, entry.Request);
        return row;
    }

    /// <summary>Whether a newer version wrote the row.</summary>
    public static bool IsNewer(TableEntity row) => row[nameof(SchemaVersion)] is int version && version > SchemaVersion;

    /// <summary>The entry, or null for a row that this version cannot read.</summary>
    public static Entry? Read(TableEntity row)
    {
        try
        {
            return row.GetInt32(nameof(SchemaVersion)) == SchemaVersion ? Parse(row) : null;
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException)
        {
            // A property of another type, or a profile that is no JSON.
            return null;
        }
    }

    private static Entry? Parse(TableEntity row)
    {
        if (EntryKey.Parse(row.PartitionKey) is not { } key
            || Generation.Parse(row.RowKey) is not { } generation
            || !Enum.TryParse<EntryState>(row.GetString(nameof(Entry.State)), out var state) || !Enum.IsDefined(state)
            || !Enum.TryParse<MissReason>(row.GetString(nameof(Entry.Reason)), out var reason) || !Enum.IsDefined(reason)
            || RequestColumns.Read(row) is not { } request
            || JsonSerializer.Deserialize(row.GetString(nameof(Entry.Profile)) ?? "null", CoreJson.Default.EncodeProfile) is not { } profile)
        {
            return null;
        }

        return new()
        {
            Id = new(key, generation),
            State = state,
            Request = request,
            Stamp = row.GetString(nameof(Entry.Stamp)) ?? "",
            Profile = profile,
            Reason = reason,
            Created = row.GetDateTimeOffset(nameof(Entry.Created)) ?? default,
            LastAccess = row.GetDateTimeOffset(nameof(Entry.LastAccess)) ?? default,
            Attempt = row.GetInt32(nameof(Entry.Attempt)) ?? 1,
            EnqueuedAt = row.GetDateTimeOffset(nameof(Entry.EnqueuedAt)),
            SentAt = row.GetDateTimeOffset(nameof(Entry.SentAt)),
            Planned = row.GetBoolean(nameof(Entry.Planned)) ?? false,
            VideoUnits = row.GetInt64(nameof(Entry.VideoUnits)) ?? 0,
            AudioUnits = row.GetInt64(nameof(Entry.AudioUnits)) ?? 0,
            VideoEnd = row.GetInt64(nameof(Entry.VideoEnd)),
            AudioEnd = row.GetInt64(nameof(Entry.AudioEnd)),
            VideoSegments = row.GetInt32(nameof(Entry.VideoSegments)) ?? 0,
            AudioSegments = row.GetInt32(nameof(Entry.AudioSegments)) ?? 0,
            Seconds = row.GetDouble(nameof(Entry.Seconds)) ?? 0,
            Bytes = row.GetInt64(nameof(Entry.Bytes)) ?? 0,
            EncodeSeconds = row.GetDouble(nameof(Entry.EncodeSeconds)) ?? 0,
            Failures = row.GetInt32(nameof(Entry.Failures)) ?? 0,
            ReadyAtClaim = row.GetInt32(nameof(Entry.ReadyAtClaim)) ?? 0,
            Error = row.GetString(nameof(Entry.Error)),
            FailedAt = row.GetDateTimeOffset(nameof(Entry.FailedAt)),
            EvictingSince = row.GetDateTimeOffset(nameof(Entry.EvictingSince)),
            RepairOf = Generation.Parse(row.GetString(nameof(Entry.RepairOf))),
            Version = row.ETag.ToString(),
        };
    }
}
