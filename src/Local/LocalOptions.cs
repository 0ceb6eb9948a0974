using System.Globalization;

namespace HlsCache.Local;

/// <summary>What <c>./run</c> was asked to start. Paths are absolute; without media the sample film is served.</summary>
internal sealed record LocalOptions(int Port, string? Media, string Data, int Encoders)
{
    private const int MostEncoders = 64;

    /// <summary>Reads the command line over <paramref name="defaults"/>; <paramref name="error"/> says what is wrong with one that is refused.</summary>
    public static LocalOptions? Parse(IEnumerable<string> arguments, LocalOptions defaults, string directory, out string? error)
    {
        var words = arguments.SelectMany(a => a.StartsWith("--", StringComparison.Ordinal) ? a.Split('=', 2) : [a]).ToList();
        var options = defaults;
        error = null;
        for (var i = 0; i < words.Count && error is null; i += 2)
        {
            (options, error) = options.With(words[i], words.ElementAtOrDefault(i + 1), directory);
        }

        return error is null ? options : null;
    }

    private (LocalOptions Options, string? Error) With(string name, string? value, string directory) => (name, value) switch
    {
        ("--port" or "--media" or "--data" or "--encoders", null or "") => (this, $"{name} needs a value; ./run --help shows how."),
        ("--port", _) => Number(name, value, 65535, port => this with { Port = port }),
        ("--encoders", _) => Number(name, value, MostEncoders, encoders => this with { Encoders = encoders }),
        ("--media", _) => (this with { Media = Path.GetFullPath(value, directory) }, null),
        ("--data", _) => (this with { Data = Path.GetFullPath(value, directory) }, null),
        _ => (this, $"{name} is not an option; ./run --help lists them."),
    };

    private (LocalOptions Options, string? Error) Number(string name, string value, int most, Func<int, LocalOptions> set) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? (set(number), null)
            : (this, $"{name} must be a number from 1 to {most}, not '{value}'.");
}
