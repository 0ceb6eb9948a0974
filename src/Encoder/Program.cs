using HlsCache.Encoder;
using HlsCache.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = Host.CreateApplicationBuilder(args);
builder.Logging.AddHlsCacheConsole();
builder.Services.AddEncoder();
using var host = builder.Build();
await host.Services.GetRequiredService<StorageSetup>().RunAsync(CancellationToken.None);
await host.RunAsync();
