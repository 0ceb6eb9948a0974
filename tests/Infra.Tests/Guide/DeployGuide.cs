using System.Text.RegularExpressions;
using HlsCache.Infra.Tests.Bicep;
using HlsCache.Testing;

namespace HlsCache.Infra.Tests.Guide;

/// <summary>What docs/deploy.md says that can be checked.</summary>
internal static partial class DeployGuide
{
    public static readonly string Text = File.ReadAllText(Repository.Path("docs/deploy.md"));

    /// <summary>The blocks of commands.</summary>
    public static IReadOnlyList<string> Commands() => [.. CodeBlock().Matches(Text).Select(m => m.Groups["code"].Value)];

    /// <summary>The rows of the table of roles.</summary>
    public static IReadOnlyList<Grant> Grants() =>
    [
        .. Text.Split('\n').SkipWhile(line => !line.StartsWith("| who | role | on |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => new Grant(cells[1], cells[2], cells[3])),
    ];

    [GeneratedRegex("^```bash\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeBlock();
}
