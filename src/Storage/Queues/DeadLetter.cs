namespace HlsCache.Storage.Queues;

/// <summary>A message that was moved aside, with the reason.</summary>
internal sealed record DeadLetter(string Reason, string Description, string Message);
