namespace HlsCache.Service.Admin;

/// <summary>One generation of a key.</summary>
/// <param name="InForce">Whether plays are served from it.</param>
/// <param name="RepairOf">The damaged generation that it takes the place of, or null.</param>
/// <param name="Attempt">How many messages were sent for it.</param>
/// <param name="Failures">Attempts in a row that brought nothing new.</param>
/// <param name="Workers">Who is at it.</param>
public sealed record GenerationItem(
    string Generation,
    bool InForce,
    string State,
    string Reason,
    string? RepairOf,
    string? Error,
    long Bytes,
    int Segments,
    double Seconds,
    DateTimeOffset Created,
    DateTimeOffset LastAccess,
    double EncodeSeconds,
    int Attempt,
    int Failures,
    IReadOnlyList<WorkerItem> Workers);
