using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace HlsCache.Storage.Telemetry;

/// <summary>Sends traces, measurements and logs to where the settings say; without such a setting nothing is collected.</summary>
public static class TelemetryExtensions
{
    /// <param name="service">What the process is called in what it sends.</param>
    /// <param name="traces">Adds sources of spans beside the cache's own.</param>
    /// <param name="meters">Adds meters beside the cache's own.</param>
    public static void AddHlsCacheTelemetry(
        this IHostApplicationBuilder builder, string service, Action<TracerProviderBuilder>? traces = null, Action<MeterProviderBuilder>? meters = null)
    {
        builder.Services.AddOptions<TelemetryOptions>().Bind(builder.Configuration)
            .Validate(o => o.HasValidEndpoint(), "OTEL_EXPORTER_OTLP_ENDPOINT must be the URL of a collector, as in http://localhost:4317.")
            .Validate(o => o.HasValidResource(), "APPLICATIONINSIGHTS_CONNECTION_STRING must be the connection string of an Application Insights resource, as in InstrumentationKey=…;IngestionEndpoint=….")
            .ValidateOnStart();
        var options = builder.Configuration.Get<TelemetryOptions>() ?? new();
        if (options.IsUsed && options.HasValidEndpoint() && options.HasValidResource())
        {
            Enable(builder.Services, service, options, traces, meters);
        }
    }

    // On its own, so that a process that sends nothing loads nothing.
    private static void Enable(
        IServiceCollection services, string service, TelemetryOptions options, Action<TracerProviderBuilder>? traces, Action<MeterProviderBuilder>? meters)
    {
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(service))
            .WithTracing(t =>
            {
                t.AddSource(Core.Telemetry.Name);
                traces?.Invoke(t);
            })
            .WithMetrics(m =>
            {
                m.AddMeter(Core.Telemetry.Name);
                meters?.Invoke(m);
            })
            .WithLogging();
        if (!string.IsNullOrEmpty(options.CollectorEndpoint))
        {
            telemetry.UseOtlpExporter();
        }

        if (!string.IsNullOrEmpty(options.ApplicationInsights))
        {
            telemetry.UseAzureMonitorExporter(azure => azure.ConnectionString = options.ApplicationInsights);
        }
    }
}
