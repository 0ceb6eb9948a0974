namespace HlsCache.Encoder.Jobs;

/// <summary>Section <c>Encoder</c>: what changes no byte of what is encoded.</summary>
public sealed class EncoderOptions
{
    public const string Section = "Encoder";

    /// <summary>Names this encoder in reports and logs.</summary>
    public string Name { get; set; } = $"{Environment.MachineName}-{Environment.ProcessId}";

    public string FfmpegPath { get; set; } = "ffmpeg";

    public string FfprobePath { get; set; } = "ffprobe";

    /// <summary>Threads of one video encode; 0 lets ffmpeg decide.</summary>
    public int Threads { get; set; }

    /// <summary>How long ffmpeg may neither put out nor report anything before it is stopped, as when a share hangs.</summary>
    public int StallSeconds { get; set; } = 120;

    /// <summary>How many films are encoded at once.</summary>
    public int Parallel { get; set; } = 1;
}
