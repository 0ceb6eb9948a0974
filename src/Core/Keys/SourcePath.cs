namespace HlsCache.Core.Keys;

/// <summary>A film's absolute virtual path, <c>/root/path…</c>, in its one normal form.</summary>
public readonly record struct SourcePath
{
    /// <summary>Longest path accepted, in characters.</summary>
    public const int MaxLength = 1024;

    private SourcePath(string value) => Value = value;

    public string Value { get; }

    /// <summary>The name of the configured root: the first segment.</summary>
    public string Root => Value[1..Value.IndexOf('/', 1)];

    /// <summary>The path below the root, without a leading slash.</summary>
    public string Relative => Value[(Value.IndexOf('/', 1) + 1)..];

    /// <summary>Reads a path as a caller wrote it; <paramref name="error"/> says what is wrong with one that is refused.</summary>
    public static SourcePath? Parse(string? text, out string? error)
    {
        error = Fault(text);
        return error is null ? new SourcePath(text!) : null;
    }

    public override string ToString() => Value;

    private static string? Fault(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "The source is missing: name a film as /root/path.";
        }

        if (text.Length > MaxLength)
        {
            return $"The source is {text.Length} characters long; {MaxLength} are allowed.";
        }

        if (text.Any(char.IsControl) || text.Any(char.IsSurrogate) && !IsWellFormed(text))
        {
            return "The source contains control characters or broken Unicode.";
        }

        if (text.Contains('\\', StringComparison.Ordinal))
        {
            return "The source contains a backslash; paths are written with /.";
        }

        if (text[0] != '/')
        {
            return "The source must start with / and the name of a root, as in /media/film.mkv.";
        }

        var segments = text[1..].Split('/');
        if (segments.Any(s => s is "" or "." or ".."))
        {
            return "The source contains an empty, '.' or '..' segment.";
        }

        return segments.Length < 2 ? "The source names a root but no file in it." : null;
    }

    private static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
