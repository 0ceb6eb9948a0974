using HlsCache.Core.Sources;
using Microsoft.Extensions.Logging;

namespace HlsCache.Encoder.Inputs;

/// <summary>Opens films for ffmpeg.</summary>
public sealed class SourceInputs : IDisposable
{
    private readonly RangeServer server;

    public SourceInputs(ILoggerFactory logging) => server = new(logging.CreateLogger<RangeServer>());

    public SourceInput Open(SourceFile source) => source.Remote is null ? new(source.Input!) : new(server, new(source));

    public void Dispose() => server.Dispose();
}
