using System.Security.Cryptography;
using System.Text;

namespace HlsCache.Storage;

/// <summary>Marks what this deployment made. It follows from the account and the prefix, so that losing every table loses nothing.</summary>
internal static class OwnerId
{
    /// <summary>The container metadata that holds it.</summary>
    public const string Tag = "owner";

    public static string Of(string account, string prefix) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{account}|{prefix}")).AsSpan(0, 8));
}
