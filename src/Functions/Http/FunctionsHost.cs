namespace HlsCache.Functions.Http;

/// <summary>The Azure Functions host, when it is what started this process.</summary>
internal static class FunctionsHost
{
    private static readonly string? Port = Environment.GetEnvironmentVariable("FUNCTIONS_CUSTOMHANDLER_PORT");

    public static bool IsParent => Port is not null;

    private static string Address => $"127.0.0.1:{Port}";

    /// <summary>Listens where the host expects it. The host's own ASPNETCORE_URLS is inherited and must not count.</summary>
    public static void Listen(IWebHostBuilder host)
    {
        if (Port is not null)
        {
            host.UseUrls($"http://{Address}");
        }
    }

    /// <summary>
    /// Whether the host calls by our own address: for itself, or as a proxy that tells by forwarded headers what the client asked for. A host that
    /// forwards instead leaves the client's Host as it was, and the client's forwarded headers too.
    /// </summary>
    public static bool CallsByOwnAddress(HttpRequest request) => request.Host.Value == Address;

    /// <summary>Whether the host calls for itself, as with a tick, and does not pass on what a client asked for.</summary>
    public static bool CallsForItself(HttpRequest request) =>
        CallsByOwnAddress(request)
        && !request.Headers.Keys.Any(name => name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether every configured address can be reached from this machine only.</summary>
    public static bool IsLoopbackOnly(IConfiguration configuration) =>
        string.IsNullOrEmpty(configuration["http_ports"])
        && (configuration["urls"] ?? "http://localhost").Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? ""))
            .All(IsLoopback);

    private static bool IsLoopback(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && Loopback.IsName(uri.Host);
}
