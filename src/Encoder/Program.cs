using HlsCache.Encoder;
using HlsCache.Storage;
using HlsCache.Storage.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.AddHlsCacheConsole();
builder.AddHlsCacheTelemetry("hlscache-encoder");
builder.Services.AddEncoder();
using var host = builder.Build();
if (!await host.Services.GetRequiredService<StorageSetup>().TryRunAsync(CancellationToken.None))
{
    return 1;
}

await host.RunAsync();
return 0;
