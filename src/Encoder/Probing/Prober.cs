using System.Text;
using CliWrap;
using HlsCache.Core.Sources;
using HlsCache.Encoder.Ffmpeg;
using HlsCache.Encoder.Inputs;

namespace HlsCache.Encoder.Probing;

/// <summary>Asks what a film is, and measures what its container does not say.</summary>
public sealed class Prober(FfmpegRunner ffmpeg, SourceInputs inputs)
{
    /// <exception cref="EncodeException">The film could not be read this time, which says nothing of the film.</exception>
    public async Task<ProbeOutcome> ProbeAsync(SourceFile source, CancellationToken cancellationToken)
    {
        var json = new StringBuilder();
        using var input = inputs.Open(source);
        var result = await input.WatchAsync(ffmpeg.ProbeAsync(FfmpegArguments.Probe(input.Name), PipeTarget.ToStringBuilder(json), cancellationToken));
        ThrowIfUnread(result, input);
        if (result.ExitCode != 0)
        {
            return new(null, $"ffmpeg cannot read the source: {FfmpegMessage.Of(result.Errors, input.Name)}");
        }

        var info = ProbeReader.Read(json.ToString());
        return new(
            info with
            {
                Videos = await MeasureAsync(info.Videos, v => v.End, (v, end) => v with { End = end }, v => v.Stream),
                Audios = await MeasureAsync(info.Audios, a => a.End, (a, end) => a with { End = end }, a => a.Stream),
            },
            null);

        async Task<IReadOnlyList<T>> MeasureAsync<T>(IReadOnlyList<T> tracks, Func<T, double?> end, Func<T, double?, T> with, Func<T, int> stream)
        {
            var measured = new List<T>();
            foreach (var track in tracks)
            {
                measured.Add(end(track) is null ? with(track, await EndAsync(source, stream(track), info.Start, cancellationToken)) : track);
            }

            return measured;
        }
    }

    /// <summary>When the last packet of a stream ends, in seconds from the film's start, by reading them all; null when there is none.</summary>
    /// <exception cref="EncodeException">The reading broke off.</exception>
    public async Task<double?> EndAsync(SourceFile source, int stream, double filmStart, CancellationToken cancellationToken)
    {
        double? end = null;
        await ReadPacketsAsync(source, stream, packet => end = packet is { End: { } at, IsCut: false } ? Math.Max(end ?? at, at) : end, cancellationToken);
        return end - filmStart;
    }

    /// <summary>Reads all packets of a stream, in decoding order.</summary>
    /// <exception cref="EncodeException">The reading broke off. A film that itself breaks off is read to where it does.</exception>
    public async Task ReadPacketsAsync(SourceFile source, int stream, Action<Packet> read, CancellationToken cancellationToken)
    {
        var packets = new PacketReader();
        var lines = PipeTarget.ToDelegate(line =>
        {
            if (packets.Read(line) is { } packet)
            {
                read(packet);
            }
        });
        using var input = inputs.Open(source);
        var result = await input.WatchAsync(ffmpeg.ScanAsync(FfmpegArguments.Packets(input.Name, stream), lines, cancellationToken));
        ThrowIfUnread(result, input);
        if (result.ExitCode != 0)
        {
            throw new EncodeException($"The source could not be read to its end: {FfmpegMessage.Of(result.Errors, input.Name)}");
        }
    }

    private static void ThrowIfUnread(FfmpegResult result, SourceInput input)
    {
        if (FfmpegFault.IsPassing(result, input.Name))
        {
            throw new EncodeException($"The source could not be read (exit code {result.ExitCode}): {FfmpegMessage.Of(result.Errors, input.Name)}");
        }
    }
}
