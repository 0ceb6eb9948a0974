using System.Security.Cryptography;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Tokens;
using HlsCache.Service.Lifecycle;
using Microsoft.Extensions.Options;

namespace HlsCache.Service.Tokens;

/// <summary>Signs and reads tokens with the key that all instances share.</summary>
public sealed partial class TokenService(
    ISigningKeyStore store, IStorageSetup setup, TableLoss loss, IOptions<HlsCacheOptions> options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<TokenService> logger)
    : IDisposable
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
                await SetUpAsync(cancellationToken);
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

    private async Task SetUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await setup.RunAsync(cancellationToken);
            await loss.LookAsync(cancellationToken);
        }
        catch (OptionsValidationException e)
        {
            // Known only now that storage has answered; as final as any other setting that is wrong.
            Log.Refused(logger, e.Message);
            Environment.ExitCode = 1;
            lifetime.StopApplication();
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "{Sentence}")]
        public static partial void Refused(ILogger logger, string sentence);
    }
}
