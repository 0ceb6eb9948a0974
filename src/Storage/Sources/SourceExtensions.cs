using Azure.Storage.Blobs;
using HlsCache.Core.Sources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Sources;

/// <summary>Registers the configured roots: <c>Sources__&lt;root&gt;__Path</c> or <c>Sources__&lt;root&gt;__Container</c>.</summary>
public static class SourceExtensions
{
    public static IServiceCollection AddSources(this IServiceCollection services)
    {
        services.AddOptions<SourcesOptions>()
            .Configure<IConfiguration>((options, configuration) => configuration.GetSection(SourcesOptions.Section).Bind(options.Roots))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<SourcesOptions>, SourcesValidator>();
        services.AddSingleton(p => new SourceCatalog(
            p.GetRequiredService<IOptions<SourcesOptions>>().Value.Roots.Select(root => Root(p, root.Key, root.Value)).ToList()));
        return services;
    }

    private static ISourceRoot Root(IServiceProvider services, string name, SourceRootOptions root) => string.IsNullOrEmpty(root.Container)
        ? new FileRoot(name, root.Path!)
        : new BlobRoot(name, Account(services, root).GetBlobContainerClient(root.Container));

    private static BlobServiceClient Account(IServiceProvider services, SourceRootOptions root) => root switch
    {
        { AccountName: not (null or "") } => services.GetRequiredService<StorageClients>().Blobs(root.AccountName, root.BlobEndpoint),
        { ConnectionString: not (null or "") } => services.GetRequiredService<StorageClients>().Blobs(root.ConnectionString),
        _ => services.GetRequiredService<BlobServiceClient>(),
    };
}
