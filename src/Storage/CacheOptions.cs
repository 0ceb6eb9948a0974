using System.Text.RegularExpressions;

namespace HlsCache.Storage;

/// <summary>Section <c>HlsCache</c>, the part of it that says what this deployment's storage is called.</summary>
public sealed partial class CacheOptions
{
    public const string Section = "HlsCache";

    /// <summary>First part of the names of this deployment's containers: 1 to 20 lower-case letters or digits.</summary>
    public string ContainerPrefix { get; set; } = "hls";

    public bool HasValidPrefix() => PrefixPattern().IsMatch(ContainerPrefix);

    [GeneratedRegex(@"^[a-z0-9]{1,20}\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PrefixPattern();
}
