using System.Text.RegularExpressions;

namespace HlsCache.Storage;

/// <summary>What storage takes for the name of a container or a queue.</summary>
/// <remarks>https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata</remarks>
internal static partial class ServiceNames
{
    private const int Least = 3;

    public const int Most = 63;

    /// <param name="most">Characters.</param>
    public static bool IsValid(string? name, int most = Most) => name?.Length is >= Least && name.Length <= most && Pattern().IsMatch(name);

    [GeneratedRegex(@"^[a-z0-9](-?[a-z0-9])*\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Pattern();
}
