using HlsCache.Core.Entries;

namespace HlsCache.Core.Work;

/// <summary>How far one worker has come with a generation: everything that changes often.</summary>
/// <param name="Worker">Names the worker.</param>
/// <param name="Speed">Seconds of film encoded in a second.</param>
public sealed record WorkReport(GenerationId Id, string Worker, DateTimeOffset Heartbeat, double Speed, ReadySet Ready);
