using System.Threading.Channels;

namespace HlsCache.EndToEnd.Tests.Processes;

/// <summary>The encoder.</summary>
internal sealed class EncoderProcess : RealProcess
{
    private const string Mark = ": encoded ";

    private readonly Channel<string> encoded = Channel.CreateUnbounded<string>();

    private EncoderProcess(IEnumerable<KeyValuePair<string, string?>> settings)
        : base("Encoder", settings.Append(new("Logging:LogLevel:HlsCache.Encoder", "Debug")))
    {
    }

    /// <summary>Names of the segments in the order in which they come out of ffmpeg.</summary>
    public ChannelReader<string> Encoded => encoded.Reader;

    public static EncoderProcess Start(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var encoder = new EncoderProcess(settings);
        encoder.Start();
        return encoder;
    }

    public override async Task KillAsync()
    {
        await base.KillAsync();
        encoded.Writer.TryComplete();
    }

    protected override void Hear(string line)
    {
        if (line.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at)
        {
            encoded.Writer.TryWrite(line[(at + Mark.Length)..].TrimEnd('.'));
        }
    }
}
