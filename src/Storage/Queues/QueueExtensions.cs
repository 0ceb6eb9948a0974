using Azure.Core;
using Azure.Identity;
using Azure.Storage.Queues;
using HlsCache.Core.Jobs;
using HlsCache.Storage.Queues.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Queues;

/// <summary>Registers the queue of jobs on the service that <c>Queue__Kind</c> names.</summary>
internal static class QueueExtensions
{
    /// <param name="storage">Connects to the Storage account's queues.</param>
    public static IServiceCollection AddJobQueue(this IServiceCollection services, Func<IServiceProvider, QueueServiceClient> storage)
    {
        services.AddOptions<QueueOptions>().BindConfiguration(QueueOptions.Section)
            .Validate(o => o.PollMilliseconds is >= 10 and <= 60_000, "Queue__PollMilliseconds must be between 10 and 60000.")
            .Validate(o => o.HasValidName(), "Queue__Name must be 3 to 56 lower-case letters, digits and single hyphens between them.")
            .Validate(
                o => o.HasOneServiceBus(),
                "Queue__Kind is ServiceBus, so exactly one of Queue__ConnectionString and Queue__Namespace must be set: the first to use a key, the second a managed identity.")
            .Validate(o => o.HasValidConnectionString(), "Queue__ConnectionString is not a connection string of a Service Bus namespace, with Endpoint, SharedAccessKeyName and SharedAccessKey and without EntityPath.")
            .Validate(o => o.HasValidNamespace(), "Queue__Namespace must be the host name of a Service Bus namespace, as in films.servicebus.windows.net.")
            .ValidateOnStart();
        services.TryAddSingleton<TokenCredential>(_ => new DefaultAzureCredential());
        services.AddSingleton(storage);
        services.AddSingleton<StorageJobQueue>();
        services.AddSingleton<StorageQueueSetup>();
        services.AddServiceBus();
        services.AddSingleton<IJobQueue>(p => IsServiceBus(p) ? p.GetRequiredService<ServiceBusJobQueue>() : p.GetRequiredService<StorageJobQueue>());
        services.AddSingleton<IQueueSetup>(p => IsServiceBus(p) ? p.GetRequiredService<ServiceBusSetup>() : p.GetRequiredService<StorageQueueSetup>());
        return services;
    }

    private static bool IsServiceBus(IServiceProvider services) => services.GetRequiredService<IOptions<QueueOptions>>().Value.Kind == QueueKind.ServiceBus;
}
