using HlsCache.Core.Jobs;
using HlsCache.Storage.Queues;
using HlsCache.Testing;
using HlsCache.Testing.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HlsCache.Storage.Tests;

/// <summary>The job queue as an executable has it, on Service Bus queues of the test's own.</summary>
internal sealed class ServiceBusHost : IAsyncDisposable
{
    private readonly StorageHost storage;
    private readonly ServiceBusBroker broker;

    private ServiceBusHost(ServiceBusBroker broker, string name, Action<IServiceCollection>? replace, IEnumerable<(string Name, string? Value)> settings)
    {
        (this.broker, Name) = (broker, name);
        storage = new(
            "UseDevelopmentStorage=true",
            services =>
            {
                services.AddSingleton<ILoggerProvider>(Log);
                replace?.Invoke(services);
            },
            [("Queue:Kind", "ServiceBus"), ("Queue:Name", name), .. settings]);
    }

    /// <summary>Name of the urgent queue.</summary>
    public string Name { get; }

    public LogBook Log { get; } = new();

    public IJobQueue Queue => storage.Get<IJobQueue>();

    public Task<string?> CheckAsync() => storage.Get<IQueueSetup>().CheckAsync(TestContext.Current.CancellationToken);

    public static async Task<ServiceBusHost> StartAsync(ServiceBusBroker broker, double lockSeconds = 30, int maxDeliveries = 10, double duplicateSeconds = 600) =>
        Connect(broker, await broker.NewQueuesAsync(lockSeconds, maxDeliveries, duplicateSeconds));

    /// <summary>Another process at the same queues.</summary>
    public static ServiceBusHost Connect(ServiceBusBroker broker, string name) =>
        Connect(broker, name, null, ("Queue:ConnectionString", broker.ConnectionString));

    public static ServiceBusHost Connect(ServiceBusBroker broker, string name, Action<IServiceCollection>? replace, params IEnumerable<(string Name, string? Value)> settings) =>
        new(broker, name, replace, settings);

    public Task SendTextAsync(string text) => broker.DoAsync("send", new() { ["name"] = Name, ["body"] = text });

    public ValueTask DisposeAsync() => storage.DisposeAsync();
}
