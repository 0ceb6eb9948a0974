namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Service Bus did not do what it was asked to, though asked several times; the message says what happened and what to do.</summary>
/// <param name="isRefusal">Whether someone must change a setting or a right first.</param>
internal sealed class BusUnavailableException(string message, bool isRefusal, Exception inner) : IOException(message, inner)
{
    public bool IsRefusal => isRefusal;
}
