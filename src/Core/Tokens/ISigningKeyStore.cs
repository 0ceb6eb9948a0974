namespace HlsCache.Core.Tokens;

/// <summary>Keeps the keys that all instances share.</summary>
public interface ISigningKeyStore
{
    /// <summary>All keys, newest first; when there are none, <paramref name="candidate"/> becomes the first unless another instance was quicker.</summary>
    Task<IReadOnlyList<SigningKey>> ReadOrCreateAsync(SigningKey candidate, CancellationToken cancellationToken);
}
