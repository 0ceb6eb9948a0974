namespace HlsCache.Service.Admin;

/// <summary>An encoder at work.</summary>
/// <param name="Speed">Seconds of film encoded in a second.</param>
/// <param name="Ready">Segments that exist as far as it knows.</param>
public sealed record WorkerItem(string Worker, DateTimeOffset Heartbeat, double Speed, int Ready);
