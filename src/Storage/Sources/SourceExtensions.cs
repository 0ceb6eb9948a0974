using HlsCache.Core.Sources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Sources;

/// <summary>Registers the configured roots: <c>Sources__&lt;root&gt;__Path</c>.</summary>
public static class SourceExtensions
{
    public static IServiceCollection AddSources(this IServiceCollection services)
    {
        services.AddOptions<SourcesOptions>()
            .Configure<IConfiguration>((options, configuration) => configuration.GetSection(SourcesOptions.Section).Bind(options.Roots))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<SourcesOptions>, SourcesValidator>();
        services.AddSingleton(p => new SourceCatalog(
            p.GetRequiredService<IOptions<SourcesOptions>>().Value.Roots.Select(root => new FileRoot(root.Key, root.Value.Path!))));
        return services;
    }
}
