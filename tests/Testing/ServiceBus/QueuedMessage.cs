namespace HlsCache.Testing.ServiceBus;

/// <summary>A message as the broker keeps it.</summary>
public sealed record QueuedMessage(string? Id, int Deliveries, bool Scheduled, string Body, IReadOnlyDictionary<string, string> Properties, string? ContentType, long? Ttl);
