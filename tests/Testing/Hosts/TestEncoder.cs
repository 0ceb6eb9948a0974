using HlsCache.Encoder;
using HlsCache.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace HlsCache.Testing.Hosts;

/// <summary>An encoder in this process, with real ffmpeg.</summary>
public sealed class TestEncoder : IAsyncDisposable
{
    private readonly IHost host;

    private TestEncoder(IHost host) => this.host = host;

    public IServiceProvider Services => host.Services;

    /// <param name="settings">As environment variables would give them, with : for __.</param>
    /// <param name="replace">Puts test doubles in the place of services.</param>
    public static async Task<TestEncoder> StartAsync(IEnumerable<KeyValuePair<string, string?>> settings, Action<IServiceCollection>? replace = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.AddHlsCacheConsole();
        builder.Services.AddEncoder();
        replace?.Invoke(builder.Services);
        var host = builder.Build();
        await host.Services.GetRequiredService<StorageSetup>().RunAsync(CancellationToken.None);
        await host.StartAsync();
        return new(host);
    }

    /// <summary>Stops as a SIGTERM would make it.</summary>
    public Task StopAsync() => host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }
}
