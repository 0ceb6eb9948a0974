namespace HlsCache.Testing.ServiceBus;

/// <summary>How the broker keeps a queue.</summary>
/// <param name="Count">Messages that are in it, locked and scheduled ones too.</param>
/// <param name="Credit">How many messages its receivers wait for.</param>
/// <param name="Messages">The first of them.</param>
public sealed record QueueState(int Sent, int Duplicates, int Delivered, int Renewed, int Count, int Locked, int Credit, IReadOnlyList<QueuedMessage> Messages)
{
    public override string ToString() => $"sent {Sent}, count {Count}, locked {Locked}, credit {Credit}, delivered {Delivered}: {string.Join("; ", Messages)}";
}
