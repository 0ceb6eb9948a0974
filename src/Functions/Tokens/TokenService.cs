using System.Security.Cryptography;
using HlsCache.Core.Tokens;
using HlsCache.Storage;
using Microsoft.Extensions.Options;

namespace HlsCache.Functions.Tokens;

/// <summary>Signs and reads tokens with the key that all instances share.</summary>
public sealed class TokenService(ISigningKeyStore store, StorageSetup setup, IOptions<HlsCacheOptions> options, TimeProvider time) : IDisposable
{
    private const int SecretBytes = 32;

    private readonly SemaphoreSlim turn = new(1);
    private TokenSigner? signer;

    public async ValueTask<string> SignAsync(PlayToken token, CancellationToken cancellationToken) =>
        (signer ?? await LoadAsync(cancellationToken)).Sign(token);

    /// <summary>The token, or null when it is not ours or over.</summary>
    public async ValueTask<PlayToken?> VerifyAsync(string token, CancellationToken cancellationToken) =>
        (signer ?? await LoadAsync(cancellationToken)).Verify(token, time.GetUtcNow());

    /// <summary>Makes storage ready and loads the key; done before the first play, or at it when storage was down at the start.</summary>
    public async Task<TokenSigner> LoadAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (signer is null)
            {
                await setup.RunAsync(cancellationToken);
                signer = new(options.Value.TokenSecret() is { } secret
                    ? [new(0, secret)]
                    : await store.ReadOrCreateAsync(new(1, RandomNumberGenerator.GetBytes(SecretBytes)), cancellationToken));
            }

            return signer;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}
