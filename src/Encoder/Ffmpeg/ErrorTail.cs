namespace HlsCache.Encoder.Ffmpeg;

/// <summary>Keeps the last lines of what a process complains of, however much it complains.</summary>
public sealed class ErrorTail
{
    private const int MostLines = 12;
    // As many as ffmpeg itself prints of a line, so that the reason behind a long path is kept.
    private const int MostCharacters = 1024;

    private readonly Queue<string> lines = new();

    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line))
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
}
