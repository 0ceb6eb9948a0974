namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>What proves to Service Bus who we are. No record: those print their members.</summary>
internal sealed class ServiceBusToken(string text, string type, DateTimeOffset expires)
{
    public string Text => text;

    /// <summary>The service's name for its kind.</summary>
    public string Type => type;

    public DateTimeOffset Expires => expires;
}
