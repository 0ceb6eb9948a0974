using HlsCache.Encoder.Ffmpeg;
using HlsCache.Encoder.Inputs;
using HlsCache.Encoder.Jobs;
using HlsCache.Encoder.Liveness;
using HlsCache.Encoder.Planning;
using HlsCache.Encoder.Probing;
using HlsCache.Encoder.Renditions;
using HlsCache.Encoder.Repairs;
using HlsCache.Storage;
using HlsCache.Storage.Sources;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Encoder;

/// <summary>Wires the encoder.</summary>
public static class EncoderExtensions
{
    public static IServiceCollection AddEncoder(this IServiceCollection services)
    {
        services.AddOptions<EncoderOptions>().BindConfiguration(EncoderOptions.Section)
            .Validate(o => o.Parallel is >= 1 and <= 64, "Encoder__Parallel must be between 1 and 64.")
            .Validate(o => o.Threads is >= 0 and <= 128, "Encoder__Threads must be between 0 and 128; 0 lets ffmpeg decide.")
            .Validate(o => o.StallSeconds is >= 30 and <= 3600, "Encoder__StallSeconds must be between 30 and 3600.")
            .ValidateOnStart();
        services.AddMetrics();
        services.AddHlsCacheStorage();
        services.AddSources();
        services.AddSingleton<FfmpegRunner>();
        services.AddSingleton<SourceInputs>();
        services.AddSingleton<Prober>();
        services.AddSingleton<RunStarter>();
        services.AddSingleton<EndConfirmer>();
        services.AddSingleton<RenditionEncoder>();
        services.AddSingleton<SubtitleExtractor>();
        services.AddSingleton<InitMaker>();
        services.AddSingleton<GenerationRepairer>();
        services.AddSingleton<SourceScout>();
        services.AddSingleton<GenerationEncoder>();
        services.AddSingleton<Sealer>();
        services.AddSingleton<EncodeMeter>();
        services.AddSingleton<Attempt>();
        services.AddSingleton<EntryWork>();
        services.AddSingleton<AliasWork>();
        services.AddSingleton<JobHandler>();
        services.AddSingleton<WorkInHand>();
        services.AddSingleton<HopelessJobs>();
        services.AddHostedService<EncodeWorker>();
        services.AddHostedService<LivenessLog>();
        return services;
    }
}
