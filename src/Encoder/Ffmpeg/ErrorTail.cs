using System.Text.RegularExpressions;

namespace HlsCache.Encoder.Ffmpeg;

/// <summary>Keeps the last lines of what a process complains of, however much it complains.</summary>
public sealed partial class ErrorTail
{
    private const int MostLines = 12;
    // As many as ffmpeg itself prints of a line, so that the reason behind a long path is kept.
    private const int MostCharacters = 1024;

    private readonly Queue<string> lines = new();

    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || Progress().IsMatch(line))
        {
            return;
        }

        lines.Enqueue(line.Length > MostCharacters ? line[..MostCharacters] : line);
        if (lines.Count > MostLines)
        {
            lines.Dequeue();
        }
    }

    public override string ToString() => string.Join('\n', lines);

    // What -progress prints.
    [GeneratedRegex(@"^(frame|fps|stream_\d+_\d+_\w+|bitrate|total_size|out_time(_us|_ms)?|dup_frames|drop_frames|speed|progress)=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Progress();
}
