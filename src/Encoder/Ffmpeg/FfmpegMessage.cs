namespace HlsCache.Encoder.Ffmpeg;

/// <summary>Makes what ffmpeg printed fit to show: its most telling complaint, without where the source is.</summary>
public static class FfmpegMessage
{
    private const string Refused = "Format not on whitelist";

    private static readonly string[] Starts = ["file:/", "http://127.0.0.1:"];

    // What it closes with whatever happened; the cause stands before it.
    private static readonly HashSet<string> Phrases = new(StringComparer.Ordinal)
    {
        "Invalid argument", "Invalid data found when processing input", "Conversion failed!", "End of file", "Error opening input files: Invalid argument",
    };

    public static string Of(string errors, string input)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith("Last message repeated", StringComparison.Ordinal)).Select(line => Clean(line, input)).ToList();
        return lines.FindLast(line => !Phrases.Contains(line)) ?? lines.LastOrDefault() ?? "it gave no reason.";
    }

    private static string Clean(string line, string input)
    {
        var text = line
            .Replace($"file:{input}: ", "", StringComparison.Ordinal)
            .Replace($"file:{input}", "the source", StringComparison.Ordinal)
            .Replace($"{input}: ", "", StringComparison.Ordinal)
            .Replace(input, "the source", StringComparison.Ordinal);
        // A line that was cut within the path.
        foreach (var start in Starts)
        {
            text = text.IndexOf(start, StringComparison.Ordinal) is >= 0 and var cut ? $"{text[..cut]}the source" : text;
        }

        text = text.StartsWith('[') && text.IndexOf("] ", StringComparison.Ordinal) is > 0 and var end ? text[(end + 2)..] : text;
        // What follows is the whole list.
        return text.StartsWith(Refused, StringComparison.Ordinal) ? "it is a playlist or a script, or of another kind that is not accepted." : text;
    }
}
