using HlsCache.Service.Plays;

namespace HlsCache.Functions.Sessions;

/// <summary>What a heartbeat is told.</summary>
/// <param name="State"><c>queued</c>, <c>encoding</c>, <c>hit</c> or <c>failed</c>.</param>
/// <param name="Error">Why it failed, or null.</param>
internal sealed record HeartbeatAnswer(string Session, DateTimeOffset Expires, string State, Progress Progress, string? Error);
