using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
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
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageValidator>();
        services.AddOptions<CacheOptions>().BindConfiguration(CacheOptions.Section)
            .Validate(o => o.HasValidPrefix(), "HlsCache__ContainerPrefix must be 1 to 20 lower-case letters or digits.")
            .ValidateOnStart();

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TokenCredential>(_ => new DefaultAzureCredential());
        services.AddSingleton(p => new StorageClients(
            p.GetRequiredService<IOptions<StorageOptions>>(), p.GetRequiredService<TokenCredential>, p.GetService<HttpPipelineTransport>()));
        services.AddSingleton(p => p.GetRequiredService<StorageClients>().Blobs());
        services.AddSingleton(p => p.GetRequiredService<StorageClients>().Tables());
        services.AddSingleton<StorageSetup>();
        services.AddSingleton<IStorageSetup>(p => p.GetRequiredService<StorageSetup>());
        services.AddSingleton<IStorageFaults, AzureStorageFaults>();
        services.AddSingleton<IEntryStore, TableEntryStore>();
        services.AddSingleton<ISessionStore, TableSessionStore>();
        services.AddSingleton<IWorkStore, TableWorkStore>();
        services.AddSingleton<IStatsStore, TableStatsStore>();
        services.AddSingleton<ISigningKeyStore, TableSigningKeyStore>();
        services.AddSingleton<ISegmentStore, BlobSegmentStore>();
        services.AddSingleton<UserDelegationKeys>();
        services.AddSingleton<ISegmentUrls>(p => p.GetRequiredService<IOptions<StorageOptions>>().Value.UsesIdentity
            ? ActivatorUtilities.CreateInstance<UserDelegationSegmentUrls>(p)
            : ActivatorUtilities.CreateInstance<SharedKeySegmentUrls>(p));
        services.AddSingleton<ILeaseStore, BlobLeaseStore>();
        services.AddSingleton<IMaintenanceStore, BlobMaintenanceStore>();
        services.AddSingleton<ITableMarks, TableMarks>();
        return services.AddJobQueue(p => p.GetRequiredService<StorageClients>().Queues());
    }
}
