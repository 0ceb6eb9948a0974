using System.IO.Compression;
using HlsCache.Functions.Admin;
using HlsCache.Functions.Health;
using HlsCache.Functions.Hls;
using HlsCache.Functions.Http;
using HlsCache.Functions.Pages;
using HlsCache.Functions.Plays;
using HlsCache.Functions.Sessions;
using HlsCache.Functions.Sources;
using HlsCache.Functions.Stats;
using HlsCache.Functions.Timers;
using HlsCache.Service;
using HlsCache.Service.Stats;
using HlsCache.Storage;
using HlsCache.Storage.Sources;
using HlsCache.Storage.Telemetry;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace HlsCache.Functions;

/// <summary>Wires the function app.</summary>
public static class FunctionsExtensions
{
    private const int MostBodyBytes = 64 * 1024;
    private const string Viewers = "viewers";

    public static void AddHlsCache(this WebApplicationBuilder builder)
    {
        FunctionsHost.Listen(builder.WebHost);
        builder.Logging.AddHlsCacheConsole();
        builder.AddHlsCacheTelemetry(
            "hlscache-functions",
            traces => traces.AddAspNetCoreInstrumentation(RequestSpans.Configure),
            meters => meters.AddAspNetCoreInstrumentation());
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = MostBodyBytes);
        AddOptions(builder);
        var services = builder.Services;
        services.AddHlsCacheStorage();
        services.AddSources();
        services.AddCacheParts();
        services.AddHostedService<StatsFlusher>();
        services.AddHostedService<Scheduler>();
        services.AddScoped<HlsRequest>();
        // The token in the path is the credential, so a page of any origin may play. No cookie is ever looked at.
        // Not as the default policy, which would open the other routes too.
        services.AddCors(cors => cors.AddPolicy(Viewers, any => any.AllowAnyOrigin().AllowAnyMethod().AllowAnyHeader()));
        services.AddHttpContextAccessor();
        services.AddProblemDetails();
        services.AddExceptionHandler<StorageFaultHandler>();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, FunctionsJson.Web);
            json.SerializerOptions.Encoder = FunctionsJson.Web.Options.Encoder;
        });
        services.Configure<ForwardedHeadersOptions>(o => o.ForwardedHeaders = ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto);
        // Playlists repeat one signature on every line. Nothing in them is both secret and chosen by an attacker.
        services.AddResponseCompression(o => (o.EnableForHttps, o.MimeTypes) = (true, ["application/vnd.apple.mpegurl", "application/json", "text/css", "text/javascript", "text/html"]));
        services.Configure<BrotliCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(o => o.Level = CompressionLevel.Fastest);
    }

    public static void MapHlsCache(this WebApplication app)
    {
        app.Use(PublicAddress.CheckForwarded);
        app.UseForwardedHeaders();
        app.UseExceptionHandler();
        app.UseResponseCompression();
        app.UseCors();
        app.MapHealth();
        app.MapPages();
        var viewers = app.MapGroup("").RequireCors(Viewers);
        viewers.MapHls();
        viewers.MapSessions();
        var keyed = app.MapGroup("").AddEndpointFilter<ApiKeyFilter>();
        keyed.MapPlays();
        keyed.MapSources();
        keyed.MapStats();
        var admin = app.MapGroup("").AddEndpointFilter<AdminKeyFilter>();
        admin.MapAdmin();
        admin.MapEntries();
        if (FunctionsHost.IsParent)
        {
            app.MapTimers();
        }
    }

    private static void AddOptions(WebApplicationBuilder builder)
    {
        builder.Services.AddCacheOptions();
        builder.Services.AddOptions<HlsCacheOptions>()
            .Validate(
                o => FunctionsHost.IsParent || !string.IsNullOrEmpty(o.ApiKey) || FunctionsHost.IsLoopbackOnly(builder.Configuration),
                "HlsCache__ApiKey is missing: it is required when the app listens on more than loopback.");
    }
}
