using HlsCache.Core.Lifecycle;
using HlsCache.Core.Stats;
using HlsCache.Service.Admin;
using HlsCache.Service.Generations;
using HlsCache.Service.Lifecycle;
using HlsCache.Service.Plays;
using HlsCache.Service.Sessions;
using HlsCache.Service.Stats;
using HlsCache.Service.Tokens;
using HlsCache.Service.Upkeep;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Service;

/// <summary>Registers what the app does, on the ports of the domain.</summary>
public static class ServiceExtensions
{
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

    /// <summary>The settings, checked at the start.</summary>
    public static IServiceCollection AddCacheOptions(this IServiceCollection services)
    {
        services.AddOptions<HlsCacheOptions>().BindConfiguration(HlsCacheOptions.Section)
            .PostConfigure<SizeFloor>((o, floor) => floor.Apply(o))
            .Validate(o => o.SizeGb <= 1_000_000, "HlsCache__SizeGb must be a number of gigabytes, at most 1000000.")
            .Validate(o => o.OrphanMinutes is >= 1 and <= 1440, "HlsCache__OrphanMinutes must be between 1 and 1440.")
            .Validate(o => o.MaxQueuedEncodes >= 1, "HlsCache__MaxQueuedEncodes must be at least 1.")
            .Validate(o => o.SegmentSeconds is >= 1 and <= 10, "HlsCache__SegmentSeconds must be between 1 and 10.")
            .Validate(o => o.NativeHoldSeconds is >= 1 and < 230, "HlsCache__NativeHoldSeconds must be between 1 and 229: Azure cuts a request off at 230 s.")
            .Validate(o => string.IsNullOrEmpty(o.TokenKey) || o.TokenSecret() is not null, "HlsCache__TokenKey must be base64 of at least 16 bytes.")
            .Validate(
                o => string.IsNullOrEmpty(o.AdminKey) || o.AdminKey != o.ApiKey,
                "HlsCache__AdminKey must not be HlsCache__ApiKey: whoever may play could then delete.")
            .ValidateOnStart();
        services.AddOptions<EncodeOptions>().BindConfiguration(EncodeOptions.Section)
            .Validate(o => o.VideoCodec == "libx264", "Encode__VideoCodec must be libx264.")
            .Validate(o => EncodeOptions.Presets.Contains(o.Preset, StringComparer.Ordinal), $"Encode__Preset must be one of {string.Join(", ", EncodeOptions.Presets)}.")
            .Validate(o => o.Crf is >= 1 and <= 51, "Encode__Crf must be between 1 and 51.")
            .Validate(o => o.AudioKilobits is >= 32 and <= 512, "Encode__AudioKilobits must be between 32 and 512.")
            .ValidateOnStart();
        return services;
    }
}
