using System.Text.RegularExpressions;
using HlsCache.Testing;

namespace HlsCache.Infra.Tests.Image;

/// <summary>What <c>.dockerignore</c> keeps out of a build: of the lines that match a path or a folder it is in, the last decides.</summary>
internal sealed class DockerIgnore
{
    private readonly List<(bool Keeps, Regex Pattern)> rules = [.. File.ReadLines(Repository.Path(".dockerignore"))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => (line[0] == '!', Compile(line.TrimStart('!'))))];

    public bool Takes(string path) => rules.LastOrDefault(rule => rule.Pattern.IsMatch(path)) is not { Pattern: not null, Keeps: false };

    private static Regex Compile(string pattern) => new(
        $"^{Regex.Escape(pattern).Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}(/|$)",
        RegexOptions.ExplicitCapture,
        TimeSpan.FromSeconds(1));
}
