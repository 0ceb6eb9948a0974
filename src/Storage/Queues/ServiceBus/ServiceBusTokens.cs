using Azure.Core;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>Makes tokens from the key that is configured, or has them made for this process's identity.</summary>
internal sealed class ServiceBusTokens(SharedKey? key, TokenCredential credential, TimeProvider time)
{
    private static readonly TokenRequestContext Scope = new(["https://servicebus.azure.net/.default"]);
    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    public async Task<ServiceBusToken> GetAsync(string audience, CancellationToken cancellationToken)
    {
        if (key is not null)
        {
            var expires = time.GetUtcNow() + Life;
            return new(key.Sign(audience, expires), "servicebus.windows.net:sastoken", expires);
        }

        var token = await credential.GetTokenAsync(Scope, cancellationToken);
        return new(token.Token, "jwt", token.ExpiresOn);
    }
}
