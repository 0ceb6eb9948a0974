using System.Buffers.Text;
using System.Text.Json;
using Azure.Core;

namespace HlsCache.Testing.Azurite;

/// <summary>An identity with tokens of its own making: Azurite looks at who gave them, for whom and until when, not at their signature.</summary>
public sealed class TestIdentity : TokenCredential
{
    /// <summary>Runs before a token is given.</summary>
    public Action Before { get; set; } = () => { };

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        Before();
        var now = TimeProvider.System.GetUtcNow();
        var tenant = "11111111-1111-1111-1111-111111111111";
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["aud"] = "https://storage.azure.com",
            ["iss"] = $"https://sts.windows.net/{tenant}/",
            ["tid"] = tenant,
            ["oid"] = "22222222-2222-2222-2222-222222222222",
            ["iat"] = now.AddMinutes(-5).ToUnixTimeSeconds(),
            ["nbf"] = now.AddMinutes(-5).ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
        };
        return new($"{Part(new { alg = "RS256", typ = "JWT" })}.{Part(claims)}.{Base64Url.EncodeToString(new byte[32])}", now.AddHours(1));
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));

    private static string Part(object value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));
}
