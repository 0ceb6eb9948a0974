namespace HlsCache.Encoder.Ffmpeg;

/// <summary>Makes what ffmpeg printed fit to show: its last complaint, without where the source is.</summary>
public static class FfmpegMessage
{
    public static string Of(string errors, string input)
    {
        var last = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
        var text = (last ?? "it gave no reason.")
            .Replace($"file:{input}: ", "", StringComparison.Ordinal)
            .Replace($"file:{input}", "the source", StringComparison.Ordinal)
            .Replace(input, "the source", StringComparison.Ordinal);
        // A line that was cut within the path.
        if (text.IndexOf("file:/", StringComparison.Ordinal) is >= 0 and var cut)
        {
            text = $"{text[..cut]}the source";
        }

        return text.StartsWith('[') && text.IndexOf("] ", StringComparison.Ordinal) is > 0 and var end ? text[(end + 2)..] : text;
    }
}
