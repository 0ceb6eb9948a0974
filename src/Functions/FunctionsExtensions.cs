using System.IO.Compression;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Stats;
using HlsCache.Functions.Admin;
using HlsCache.Functions.Generations;
using HlsCache.Functions.Health;
using HlsCache.Functions.Hls;
using HlsCache.Functions.Http;
using HlsCache.Functions.Lifecycle;
using HlsCache.Functions.Pages;
using HlsCache.Functions.Plays;
using HlsCache.Functions.Sessions;
using HlsCache.Functions.Sources;
using HlsCache.Functions.Stats;
using HlsCache.Functions.Timers;
using HlsCache.Functions.Tokens;
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

    /// <summary>The parts that plays and upkeep are made of, which stand on the ports of the domain and the options.</summary>
    public static IServiceCollection AddCacheParts(this IServiceCollection services)
    {
        services.AddSingleton<SizeFloor>();
        services.AddSingleton<TokenService>();
        services.AddSingleton<SessionBook>();
        services.AddSingleton<PrivateFilms>();
        services.AddSingleton<AliasedSessions>();
        services.AddSingleton<GenerationCache>();
        services.AddSingleton<GenerationVerifier>();
        services.AddSingleton<GenerationReader>();
        services.AddSingleton<GenerationWatch>();
        services.AddSingleton<WarmHits>();
        services.AddSingleton<KnownAliases>();
        services.AddSingleton<LastAccess>();
        services.AddSingleton<JobSender>();
        services.AddSingleton<Admission>();
        services.AddSingleton<GenerationStarter>();
        services.AddSingleton<PlayService>();
        services.AddSingleton<PlayRouter>();
        services.AddSingleton<Inventory>();
        services.AddSingleton<Evictor>();
        services.AddSingleton<ICacheCensus, InventoryCensus>();
        services.AddSingleton<TableLoss>();
        services.AddSingleton<UnsealedEvictor>();
        services.AddSingleton<Invalidator>();
        services.AddSingleton<OperatorPins>();
        services.AddSingleton<GenerationAuditor>();
        services.AddSingleton<EntryReader>();
        services.AddSingleton<PlayCounter>();
        services.AddSingleton<StatsReader>();
        services.AddSingleton<CensusCache>();
        services.AddSingleton<IScheduledTask, Sweeper>();
        services.AddSingleton<IScheduledTask, Reaper>();
        services.AddSingleton<IScheduledTask, DailyStats>();
        services.AddSingleton<TaskRunner>();
        return services;
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
        builder.Services.AddOptions<HlsCacheOptions>().BindConfiguration(HlsCacheOptions.Section)
            .PostConfigure<SizeFloor>((o, floor) => floor.Apply(o))
            .Validate(o => o.SizeGb <= 1_000_000, "HlsCache__SizeGb must be a number of gigabytes, at most 1000000.")
            .Validate(o => o.OrphanMinutes is >= 1 and <= 1440, "HlsCache__OrphanMinutes must be between 1 and 1440.")
            .Validate(o => o.MaxQueuedEncodes >= 1, "HlsCache__MaxQueuedEncodes must be at least 1.")
            .Validate(o => o.SegmentSeconds is >= 1 and <= 10, "HlsCache__SegmentSeconds must be between 1 and 10.")
            .Validate(o => o.NativeHoldSeconds is >= 1 and < 230, "HlsCache__NativeHoldSeconds must be between 1 and 229: Azure cuts a request off at 230 s.")
            .Validate(o => string.IsNullOrEmpty(o.TokenKey) || o.TokenSecret() is not null, "HlsCache__TokenKey must be base64 of at least 16 bytes.")
            .Validate(
                o => FunctionsHost.IsParent || !string.IsNullOrEmpty(o.ApiKey) || FunctionsHost.IsLoopbackOnly(builder.Configuration),
                "HlsCache__ApiKey is missing: it is required when the app listens on more than loopback.")
            .Validate(
                o => string.IsNullOrEmpty(o.AdminKey) || o.AdminKey != o.ApiKey,
                "HlsCache__AdminKey must not be HlsCache__ApiKey: whoever may play could then delete.")
            .ValidateOnStart();
        builder.Services.AddOptions<EncodeOptions>().BindConfiguration(EncodeOptions.Section)
            .Validate(o => o.VideoCodec == "libx264", "Encode__VideoCodec must be libx264.")
            .Validate(o => EncodeOptions.Presets.Contains(o.Preset, StringComparer.Ordinal), $"Encode__Preset must be one of {string.Join(", ", EncodeOptions.Presets)}.")
            .Validate(o => o.Crf is >= 1 and <= 51, "Encode__Crf must be between 1 and 51.")
            .Validate(o => o.AudioKilobits is >= 32 and <= 512, "Encode__AudioKilobits must be between 32 and 512.")
            .ValidateOnStart();
    }
}
