namespace HlsCache.Functions.Http;

/// <summary>The Azure Functions host, when it is what started this process.</summary>
internal static class FunctionsHost
{
    private static readonly string? Port = Environment.GetEnvironmentVariable("FUNCTIONS_CUSTOMHANDLER_PORT");

    public static bool IsParent => Port is not null;

    /// <summary>Listens where the host expects it. The host's own ASPNETCORE_URLS is inherited and must not count.</summary>
    public static void Listen(IWebHostBuilder host)
    {
        if (Port is not null)
        {
            host.UseUrls($"http://127.0.0.1:{Port}");
        }
    }

    /// <summary>Whether every configured address can be reached from this machine only.</summary>
    public static bool IsLoopbackOnly(IConfiguration configuration) =>
        string.IsNullOrEmpty(configuration["http_ports"])
        && (configuration["urls"] ?? "http://localhost").Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => endpoint["Url"] ?? ""))
            .All(IsLoopback);

    private static bool IsLoopback(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && Loopback.IsName(uri.Host);
}
