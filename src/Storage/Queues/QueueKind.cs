namespace HlsCache.Storage.Queues;

/// <summary>The services that can carry jobs.</summary>
public enum QueueKind
{
    StorageQueue,
    ServiceBus,
}
