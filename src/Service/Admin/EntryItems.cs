using HlsCache.Core.Entries;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Sessions;
using HlsCache.Core.Work;
using HlsCache.Service.Lifecycle;
using HlsCache.Service.Plays;

namespace HlsCache.Service.Admin;

/// <summary>Puts rows into the operator's words.</summary>
public static class EntryItems
{
    /// <summary>Whether there is anything of the key but a pointer that is kept for its successor.</summary>
    public static bool IsEntry(KeyInventory key) => key.Rows is { Generations: not [] } or { Pointer: { IsVoid: false, Alias: not null } };

    public static EntryItem Of(KeyInventory key, DateTimeOffset now)
    {
        var entry = key.Generations.FirstOrDefault(e => key.IsInForce(e.Id.Generation)) ?? (key.Generations is [.., var newest] ? newest : null);
        var request = entry?.Request ?? key.Request;
        var live = key.Sessions.Where(s => s.Expires > now).ToLookup(s => s.Id == OperatorPins.Id);
        return new(
            key.Key.Value,
            request?.Source.Value,
            request?.Quality.Name,
            request?.Audio.ToString(),
            State(key.Rows?.Pointer, entry),
            entry?.Id.Generation.Value,
            entry?.Bytes ?? 0,
            entry is null ? 0 : Segments(entry),
            entry?.Seconds ?? 0,
            entry?.Created,
            entry?.LastAccess,
            entry?.EncodeSeconds ?? 0,
            entry?.Reason.Kebab(),
            entry?.Error,
            live[false].Count(),
            live[true].Any(),
            key.Generations.Count);
    }

    public static GenerationItem Of(Entry entry, bool inForce, IEnumerable<WorkReport> reports) => new(
        entry.Id.Generation.Value,
        inForce,
        Name(entry.State),
        entry.Reason.Kebab(),
        entry.RepairOf?.Value,
        entry.Error,
        entry.Bytes,
        Segments(entry),
        entry.Seconds,
        entry.Created,
        entry.LastAccess,
        entry.EncodeSeconds,
        entry.Attempt,
        entry.Failures,
        [.. reports.Select(r => new WorkerItem(r.Worker, r.Heartbeat, Math.Round(r.Speed, 2), r.Ready.Video.Count + r.Ready.Audio.Count))]);

    public static SessionItem Of(PlaySession session) =>
        new(session.Id, session.Own, session.Expires == DateTimeOffset.MaxValue ? null : session.Expires, session.PositionSeconds);

    public static AliasItem? AliasOf(KeyInventory key) => key.Rows?.Pointer is { IsVoid: false, Alias: { } alias }
        ? new(
            key.Canonical?.Key.Value,
            alias.Quality.Name,
            alias.Audio.ToString())
        : null;

    private static string State(EntryPointer? pointer, Entry? entry) => (pointer, entry) switch
    {
        ({ IsVoid: true }, _) or (_, null) => pointer is { IsVoid: false, Alias: not null } ? "alias" : "invalidated",
        ({ Alias: not null }, _) => "alias",
        _ => Name(entry.State),
    };

    private static string Name(EntryState state) => state switch
    {
        EntryState.Queued => "queued",
        EntryState.Encoding => "encoding",
        EntryState.Complete => "complete",
        EntryState.Failed => "failed",
        _ => "evicting",
    };

    private static int Segments(Entry entry) => entry.VideoSegments > 0 ? entry.VideoSegments : entry.AudioSegments;
}
