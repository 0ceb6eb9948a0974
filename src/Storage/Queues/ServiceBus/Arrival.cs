using Amqp;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>A message that came and is locked for us.</summary>
/// <param name="LockToken">Names the lock, on whatever connection.</param>
/// <param name="Timestamp">When it came.</param>
internal sealed record Arrival(ReceiverLink Link, Message Message, Guid LockToken, long Timestamp)
{
    /// <summary>Unlocks it, its delivery uncounted. Not confirmed: when that fails, the lock ends by itself.</summary>
    public void Release()
    {
        try
        {
            Link.Release(Message);
        }
        catch (Exception e) when (ServiceBusFaults.IsKnown(e))
        {
            // The link is gone.
        }
    }
}
