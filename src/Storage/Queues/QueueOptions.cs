using Azure.Messaging.ServiceBus;
using HlsCache.Core.Jobs;

namespace HlsCache.Storage.Queues;

/// <summary>Section <c>Queue</c>: how jobs reach encoders.</summary>
public sealed class QueueOptions
{
    public const string Section = "Queue";

    // The dead letters' name is longer.
    private const int MostName = ServiceNames.Most - 7;

    /// <summary>Which service carries the jobs.</summary>
    public QueueKind Kind { get; set; } = QueueKind.StorageQueue;

    /// <summary>Name of the queue of urgent work. Other work goes to the same name with <c>-fill</c> behind it, dead letters of Storage queues to that with <c>-poison</c>.</summary>
    public string Name { get; set; } = "encode-jobs";

    /// <summary>Connection string of a Service Bus namespace, with a key that may send and listen; also the emulator's.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Host name of a Service Bus namespace that knows this process by its managed identity.</summary>
    public string? Namespace { get; set; }

    /// <summary>How often an idle encoder looks for work, in milliseconds: Storage queues do not push, and every look is paid for.</summary>
    public int PollMilliseconds { get; set; } = 250;

    /// <summary>Name of the queue for work of this priority.</summary>
    public string NameOf(JobPriority priority) => priority == JobPriority.Filling ? Name + "-fill" : Name;

    public bool HasValidName() => ServiceNames.IsValid(Name, MostName);

    public bool HasOneServiceBus() => Kind != QueueKind.ServiceBus || string.IsNullOrWhiteSpace(ConnectionString) != string.IsNullOrWhiteSpace(Namespace);

    public bool HasValidConnectionString()
    {
        if (Kind != QueueKind.ServiceBus || string.IsNullOrWhiteSpace(ConnectionString))
        {
            return true;
        }

        try
        {
            return ServiceBusConnectionStringProperties.Parse(ConnectionString) is { Endpoint: not null, SharedAccessKeyName.Length: > 0, SharedAccessKey.Length: > 0, EntityPath: null };
        }
        catch (FormatException)
        {
            return false;
        }
    }

    public bool HasValidNamespace() => Kind != QueueKind.ServiceBus || string.IsNullOrWhiteSpace(Namespace) || IsHost(Namespace.Trim());

    private static bool IsHost(string text) =>
        Uri.CheckHostName(text) == UriHostNameType.Dns && (text.Contains('.', StringComparison.Ordinal) || text == "localhost");
}
