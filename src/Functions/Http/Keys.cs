using System.Security.Cryptography;
using System.Text;

namespace HlsCache.Functions.Http;

/// <summary>The keys that callers present.</summary>
internal static class Keys
{
    /// <summary>Whether the request has the key in the header or, where there is no such header, in the query. Takes as long for a wrong key as for the right one.</summary>
    public static bool Has(HttpRequest request, string header, string query, string key) =>
        CryptographicOperations.FixedTimeEquals(Hash(request.Headers[header].FirstOrDefault() ?? request.Query[query].FirstOrDefault()), Hash(key)) && !IsUnresolved(key);

    /// <summary>Whether it is no key but the text of a reference that Azure could not resolve, which anyone can guess.</summary>
    /// <remarks>https://learn.microsoft.com/azure/app-service/app-service-key-vault-references</remarks>
    public static bool IsUnresolved(string key) => key.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase);

    private static byte[] Hash(string? key) => SHA256.HashData(Encoding.UTF8.GetBytes(key ?? ""));
}
