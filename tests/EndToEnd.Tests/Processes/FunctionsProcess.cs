namespace HlsCache.EndToEnd.Tests.Processes;

/// <summary>The function app, on a free port.</summary>
internal sealed class FunctionsProcess : RealProcess
{
    private const string Listening = "Now listening on: ";

    private FunctionsProcess(IEnumerable<KeyValuePair<string, string?>> settings)
        : base("Functions", settings.Concat([new("ASPNETCORE_URLS", "http://127.0.0.1:0"), new("Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information")]))
    {
    }

    public HttpClient Client { get; } = new();

    /// <summary>Returns when it listens.</summary>
    public static async Task<FunctionsProcess> StartAsync(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var app = new FunctionsProcess(settings);
        app.Start();
        await app.SaysAsync(Listening);
        app.Client.BaseAddress = new(app.Output.Split(Listening)[1].Split('\n')[0].Trim());
        return app;
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Client.Dispose();
    }
}
