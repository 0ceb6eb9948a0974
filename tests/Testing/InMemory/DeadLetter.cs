using HlsCache.Core.Jobs;

namespace HlsCache.Testing.InMemory;

/// <summary>A message moved aside.</summary>
public sealed record DeadLetter(EncodeJob? Job, string Reason, string Description);
