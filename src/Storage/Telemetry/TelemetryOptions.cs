using Microsoft.Extensions.Configuration;

namespace HlsCache.Storage.Telemetry;

/// <summary>Settings whose names are not ours.</summary>
public sealed class TelemetryOptions
{
    /// <summary>URL of an OpenTelemetry collector. The standard's other <c>OTEL_</c> settings count too.</summary>
    [ConfigurationKeyName("OTEL_EXPORTER_OTLP_ENDPOINT")]
    public string? CollectorEndpoint { get; set; }

    /// <summary>Connection string of an Application Insights resource.</summary>
    [ConfigurationKeyName("APPLICATIONINSIGHTS_CONNECTION_STRING")]
    public string? ApplicationInsights { get; set; }

    public bool IsUsed => !string.IsNullOrEmpty(CollectorEndpoint) || !string.IsNullOrEmpty(ApplicationInsights);

    public bool HasValidEndpoint() =>
        string.IsNullOrEmpty(CollectorEndpoint) || (Uri.TryCreate(CollectorEndpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https");

    public bool HasValidResource() =>
        string.IsNullOrEmpty(ApplicationInsights) || ApplicationInsights.Contains("InstrumentationKey=", StringComparison.OrdinalIgnoreCase);
}
