using HlsCache.Storage;
using HlsCache.Storage.Sources;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Storage.Tests;

/// <summary>The storage services as both executables register them.</summary>
internal sealed class StorageHost : IAsyncDisposable
{
    private readonly ServiceProvider services;

    /// <param name="connectionString">An account of the test's own.</param>
    /// <param name="replace">Puts test doubles in the place of services.</param>
    public StorageHost(string? connectionString, Action<IServiceCollection>? replace = null, params IEnumerable<(string Name, string? Value)> settings)
    {
        var configuration = new ConfigurationManager { ["Storage:ConnectionString"] = connectionString, ["Queue:PollMilliseconds"] = "20" };
        foreach (var (name, value) in settings)
        {
            configuration[name] = value;
        }

        var collection = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging()
            .AddHlsCacheStorage()
            .AddSources();
        replace?.Invoke(collection);
        services = collection.BuildServiceProvider();
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>The service, once the tables and queues exist.</summary>
    public async Task<T> SetUpAsync<T>()
        where T : notnull
    {
        await Get<StorageSetup>().RunAsync(TestContext.Current.CancellationToken);
        return Get<T>();
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
