using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs.Models;

namespace HlsCache.Storage.Segments;

/// <summary>
/// Signs read access to one container, over HTTPS only, as the service describes it: https://learn.microsoft.com/rest/api/storageservices/create-user-delegation-sas.
/// The client library signs for its newest version of the service only, which emulators are years behind; see docs/decisions/012-signed-here.md.
/// </summary>
internal static class UserDelegationSas
{
    /// <summary>The version of the service that signatures are for, and keys are asked for with.</summary>
    public const string Version = "2025-11-05";

    /// <summary>The signature as a query string, without the question mark.</summary>
    public static string Sign(UserDelegationKey key, string account, string container, DateTimeOffset expires)
    {
        var (end, keyStart, keyEnd) = (Time(expires), Time(key.SignedStartsOn), Time(key.SignedExpiresOn));
        // In the order of the service's description. What is empty would narrow the access further, or overrule a blob's headers.
        string[] fields =
        [
            "r", "", end, $"/blob/{account}/{container}",
            key.SignedObjectId, key.SignedTenantId, keyStart, keyEnd, key.SignedService, key.SignedVersion,
            "", "", "", "", "", "", "https", Version, "c", "", "", "", "", "", "", "",
        ];
        var signature = Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(key.Value), Encoding.UTF8.GetBytes(string.Join('\n', fields))));
        return $"sv={Version}&se={end}&sr=c&sp=r&spr=https&skoid={key.SignedObjectId}&sktid={key.SignedTenantId}&skt={keyStart}&ske={keyEnd}"
            + $"&sks={key.SignedService}&skv={key.SignedVersion}&sig={Uri.EscapeDataString(signature)}";
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
