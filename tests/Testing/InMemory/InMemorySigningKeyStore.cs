using HlsCache.Core.Tokens;

namespace HlsCache.Testing.InMemory;

public sealed class InMemorySigningKeyStore : ISigningKeyStore
{
    private readonly Lock gate = new();
    private readonly List<SigningKey> keys = [];

    public Task<IReadOnlyList<SigningKey>> ReadOrCreateAsync(SigningKey candidate, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (keys.Count == 0)
            {
                keys.Add(candidate);
            }

            return Task.FromResult<IReadOnlyList<SigningKey>>([.. keys]);
        }
    }

    /// <summary>Puts a new key before the others, as a rotation does.</summary>
    public void Rotate(SigningKey newest)
    {
        lock (gate)
        {
            keys.Insert(0, newest);
        }
    }
}
