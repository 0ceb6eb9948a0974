using System.Net.Http.Json;
using System.Text.Json;
using HlsCache.Functions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Testing.Hosts;

/// <summary>The function app in this process, on Kestrel and a free port of its own.</summary>
public sealed class TestFunctionApp : IAsyncDisposable
{
    private readonly WebApplication app;

    private TestFunctionApp(WebApplication app)
    {
        this.app = app;
        // Redirects are part of what is tested.
        Client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new(app.Urls.First()), Timeout = TimeSpan.FromMinutes(3) };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => app.Services;

    /// <param name="settings">As environment variables would give them, with : for __.</param>
    /// <param name="replace">Puts test doubles in the place of services.</param>
    /// <param name="map">Adds routes of the caller's own.</param>
    public static async Task<TestFunctionApp> StartAsync(
        IEnumerable<KeyValuePair<string, string?>> settings, Action<IServiceCollection>? replace = null, Action<IEndpointRouteBuilder>? map = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddHlsCache();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        replace?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapHlsCache();
        map?.Invoke(app);
        await app.StartAsync();
        return new(app);
    }

    /// <summary>Asks for a play.</summary>
    public Task<HttpResponseMessage> PlayAsync(string source, string quality, object? audio = null, bool ownSession = false, CancellationToken cancellationToken = default) =>
        Client.PostAsJsonAsync("/api/play", new { source, quality, audio = audio ?? -1, ownSession }, cancellationToken);

    /// <summary>Asks for a play that must begin, and returns the answer.</summary>
    public async Task<JsonElement> PlayOkAsync(string source, string quality, object? audio = null, bool ownSession = false, CancellationToken cancellationToken = default)
    {
        using var response = await PlayAsync(source, quality, audio, ownSession, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Stops as a SIGTERM would make it. Disposing alone is a crash: nothing is written any more.</summary>
    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.DisposeAsync();
    }
}
