using Azure.Data.Tables;
using Azure.Storage.Blobs;
using HlsCache.Core.Entries;
using HlsCache.Core.Leases;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Core.Stats;
using HlsCache.Core.Tokens;
using HlsCache.Core.Work;
using HlsCache.Storage.Entries;
using HlsCache.Storage.Leases;
using HlsCache.Storage.Lifecycle;
using HlsCache.Storage.Queues;
using HlsCache.Storage.Segments;
using HlsCache.Storage.Sessions;
using HlsCache.Storage.Stats;
using HlsCache.Storage.Tokens;
using HlsCache.Storage.Work;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage;

/// <summary>Registers the ports of the domain on Azure Storage.</summary>
public static class StorageExtensions
{
    public static IServiceCollection AddHlsCacheStorage(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section)
            .Validate(o => !string.IsNullOrWhiteSpace(o.ConnectionString), "Storage__ConnectionString is missing: set it to the connection string of the storage account.")
            .Validate(o => string.IsNullOrWhiteSpace(o.ConnectionString) || o.HasValidConnectionString(), "Storage__ConnectionString is not the connection string of a storage account.")
            .ValidateOnStart();
        services.AddOptions<CacheOptions>().BindConfiguration(CacheOptions.Section)
            .Validate(o => o.HasValidPrefix(), "HlsCache__ContainerPrefix must be 1 to 20 lower-case letters or digits.")
            .ValidateOnStart();

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(p => new BlobServiceClient(ConnectionString(p)));
        services.AddSingleton(p => new TableServiceClient(ConnectionString(p)));
        services.AddSingleton<StorageSetup>();
        services.AddSingleton<IEntryStore, TableEntryStore>();
        services.AddSingleton<ISessionStore, TableSessionStore>();
        services.AddSingleton<IWorkStore, TableWorkStore>();
        services.AddSingleton<IStatsStore, TableStatsStore>();
        services.AddSingleton<ISigningKeyStore, TableSigningKeyStore>();
        services.AddSingleton<ISegmentStore, BlobSegmentStore>();
        services.AddSingleton<ISegmentUrls, SharedKeySegmentUrls>();
        services.AddSingleton<ILeaseStore, BlobLeaseStore>();
        services.AddSingleton<IMaintenanceStore, BlobMaintenanceStore>();
        return services.AddJobQueue(p => new(ConnectionString(p)));
    }

    private static string ConnectionString(IServiceProvider services) => services.GetRequiredService<IOptions<StorageOptions>>().Value.ConnectionString!;
}
