using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace HlsCache.EndToEnd.Tests.Traces;

/// <summary>Keeps what it is sent as an OpenTelemetry collector, by <c>http/protobuf</c>, and as an Application Insights resource.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Kind, byte[] Body)> received;

    private Collector(WebApplication app, ConcurrentQueue<(string Kind, byte[] Body)> received) => (this.app, this.received) = (app, received);

    /// <summary>What makes a process send everything here, soon.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("OTEL_EXPORTER_OTLP_ENDPOINT", app.Urls.First()),
        new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        new("OTEL_BSP_SCHEDULE_DELAY", "100"),
        new("OTEL_BLRP_SCHEDULE_DELAY", "100"),
        new("OTEL_METRIC_EXPORT_INTERVAL", "300"),
    ];

    /// <summary>What makes a process send everything here as to Application Insights, and to nobody else.</summary>
    public IEnumerable<KeyValuePair<string, string?>> AzureSettings =>
    [
        new("APPLICATIONINSIGHTS_CONNECTION_STRING", $"InstrumentationKey={Guid.Empty};IngestionEndpoint={app.Urls.First()}/;LiveEndpoint={app.Urls.First()}/"),
        new("APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "true"),
        new("OTEL_BSP_SCHEDULE_DELAY", "100"),
    ];

    public static async Task<Collector> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var received = new ConcurrentQueue<(string, byte[])>();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await (context.Request.Headers.ContentEncoding == "gzip" ? new GZipStream(context.Request.Body, CompressionMode.Decompress) : context.Request.Body)
                .CopyToAsync(body, context.RequestAborted);
            received.Enqueue((context.Request.Path.Value!.Split('/')[^1], body.ToArray()));
        });
        await app.StartAsync(cancellationToken);
        return new(app, received);
    }

    /// <summary>Waits for a message of that kind (<c>traces</c>, <c>metrics</c>, <c>logs</c>; <c>track</c> for Application Insights) that holds all of it: strings lie in protobuf as they are.</summary>
    public async Task SeesAsync(string kind, params byte[][] parts)
    {
        var limit = TimeSpan.FromSeconds(60);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (; !received.Any(m => m.Kind == kind && parts.All(part => m.Body.AsSpan().IndexOf(part) >= 0)); limit -= timer.Period)
        {
            limit.ShouldBeGreaterThan(TimeSpan.Zero, $"No {kind} with {string.Join(", ", parts.Select(Encoding.UTF8.GetString))}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Whether anything that was sent holds it.</summary>
    public bool Holds(string text) => received.Any(m => m.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
