namespace HlsCache.Service.Admin;

/// <summary>A key as the operator sees it in the list, with the facts of its generation in force, or of its newest one where none is.</summary>
/// <param name="State"><c>queued</c>, <c>encoding</c>, <c>complete</c>, <c>failed</c> or <c>evicting</c>; <c>alias</c> where another key is encoded in its
/// place, <c>invalidated</c> where the next play begins anew.</param>
/// <param name="Segments">Of the rendition that carries the timeline.</param>
/// <param name="Reason">Why the generation was begun.</param>
/// <param name="Pinned">How many sessions hold it, the operator's pin aside.</param>
/// <param name="Generations">How many there are.</param>
public sealed record EntryItem(
    string Key,
    string? Source,
    string? Quality,
    string? Audio,
    string State,
    string? Generation,
    long Bytes,
    int Segments,
    double Seconds,
    DateTimeOffset? Created,
    DateTimeOffset? LastAccess,
    double EncodeSeconds,
    string? Reason,
    string? Error,
    int Pinned,
    bool PinnedByOperator,
    int Generations);
