using Azure.Core;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Registers one client, with one connection, for all who use Service Bus.</summary>
internal static class ServiceBusExtensions
{
    public static IServiceCollection AddServiceBus(this IServiceCollection services)
    {
        services.AddOptions<ServiceBusClientOptions>().Configure(o =>
        {
            // A connection whose other end vanished is noticed after this time.
            o.ConnectionIdleTimeout = TimeSpan.FromSeconds(30);
            // Three seconds in all where the service refuses at once: a viewer waits.
            o.RetryOptions = new() { Delay = TimeSpan.FromMilliseconds(100), MaxRetries = 4, TryTimeout = TimeSpan.FromSeconds(10) };
        });
        services.AddSingleton(Connect);
        services.AddSingleton<ServiceBusFaults>();
        services.AddSingleton<ServiceBusJobQueue>();
        services.AddSingleton<ServiceBusSetup>();
        return services;
    }

    private static ServiceBusClient Connect(IServiceProvider services)
    {
        var queue = services.GetRequiredService<IOptions<QueueOptions>>().Value;
        var options = services.GetRequiredService<IOptions<ServiceBusClientOptions>>().Value;
        return string.IsNullOrWhiteSpace(queue.ConnectionString)
            ? new(queue.Namespace!.Trim(), services.GetRequiredService<TokenCredential>(), options)
            : new(queue.ConnectionString, options);
    }
}
