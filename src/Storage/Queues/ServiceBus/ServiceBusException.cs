namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Service Bus did not do what it was asked to; the message says what happened and what to do.</summary>
/// <param name="isRefusal">Whether trying again at once is in vain: someone must change a setting or a right first.</param>
internal sealed class ServiceBusException(string message, bool isRefusal, Exception? inner = null) : IOException(message, inner)
{
    public bool IsRefusal => isRefusal;
}
