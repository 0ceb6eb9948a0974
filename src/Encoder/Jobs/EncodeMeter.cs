using System.Diagnostics.Metrics;
using HlsCache.Core;
using HlsCache.Core.Segments;

namespace HlsCache.Encoder.Jobs;

/// <summary>Measurements of encodes, for whoever collects them.</summary>
public sealed class EncodeMeter
{
    private readonly Counter<long> encodes;
    private readonly Histogram<double> durations;
    private readonly Histogram<double> speeds;

    public EncodeMeter(IMeterFactory meters)
    {
        var meter = meters.Create(Telemetry.Name);
        encodes = meter.CreateCounter<long>("hls_cache.encodes", "{encode}", "Encodes that came to an end, by result.");
        durations = meter.CreateHistogram<double>("hls_cache.encode.duration", "s", "How long the attempt took that sealed a film.");
        speeds = meter.CreateHistogram<double>("hls_cache.encode.speed", "1", "Seconds of film in a second of the attempt that sealed it.");
    }

    public void Sealed(Manifest manifest)
    {
        encodes.Add(1, new KeyValuePair<string, object?>("result", "sealed"));
        durations.Record(manifest.EncodeSeconds);
        speeds.Record(manifest.Plan.Seconds() / manifest.EncodeSeconds);
    }

    public void Failed() => encodes.Add(1, new KeyValuePair<string, object?>("result", "failed"));
}
