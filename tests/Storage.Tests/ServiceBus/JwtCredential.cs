using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Azure.Core;

namespace HlsCache.Storage.Tests;

/// <summary>Makes tokens as an identity has them made, signed with a key that the broker knows.</summary>
internal sealed class JwtCredential(string key) : TokenCredential
{
    private readonly ConcurrentQueue<string> scopes = new();

    public TimeSpan Life { get; set; } = TimeSpan.FromHours(1);

    public string[] Rights { get; set; } = ["Send", "Listen"];

    /// <summary>Why there is no token; null while there is.</summary>
    public Func<Exception>? Fault { get; set; }

    public IReadOnlyList<string> Scopes => [.. scopes];

    public string Last { get; private set; } = "";

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        if (Fault is not null)
        {
            throw Fault();
        }

        foreach (var scope in requestContext.Scopes)
        {
            scopes.Enqueue(scope);
        }

        var expires = TimeProvider.System.GetUtcNow() + Life;
        var claims = JsonSerializer.SerializeToUtf8Bytes(new { aud = "https://servicebus.azure.net", exp = expires.ToUnixTimeMilliseconds() / 1000.0, rights = Rights });
        var text = $"{Base64Url.EncodeToString("""{"alg":"HS256"}"""u8)}.{Base64Url.EncodeToString(claims)}";
        Last = $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)))}";
        return new(Last, expires);
    }

    public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        ValueTask.FromResult(GetToken(requestContext, cancellationToken));
}
