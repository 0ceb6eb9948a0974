namespace HlsCache.Functions.Sessions;

/// <summary>What a heartbeat may say.</summary>
/// <param name="Position">Where the viewer is, in seconds.</param>
internal sealed record HeartbeatBody(double? Position);
