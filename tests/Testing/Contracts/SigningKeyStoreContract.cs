using HlsCache.Core.Tokens;

namespace HlsCache.Testing.Contracts;

public abstract class SigningKeyStoreContract
{
    /// <summary>A store that holds no key yet.</summary>
    protected abstract Task<ISigningKeyStore> CreateAsync();

    [Fact]
    public async Task The_first_candidate_becomes_the_key()
    {
        var store = await CreateAsync();
        var key = (await store.ReadOrCreateAsync(Candidate(1), Cancel)).ShouldHaveSingleItem();
        key.Id.ShouldBe((byte)1);
        key.Secret.ShouldBe(Candidate(1).Secret);
    }

    [Fact]
    public async Task A_later_candidate_is_dropped()
    {
        var store = await CreateAsync();
        await store.ReadOrCreateAsync(Candidate(1), Cancel);
        var key = (await store.ReadOrCreateAsync(Candidate(2), Cancel)).ShouldHaveSingleItem();
        key.Id.ShouldBe((byte)1);
        key.Secret.ShouldBe(Candidate(1).Secret);
    }

    [Fact]
    public async Task All_who_start_at_once_get_the_same_key()
    {
        var store = await CreateAsync();
        var results = await Task.WhenAll(Enumerable.Range(1, 16)
            .Select(n => Task.Run(() => store.ReadOrCreateAsync(Candidate((byte)n), Cancel), Cancel)));
        results.Select(keys => string.Join(' ', keys.Select(k => $"{k.Id}:{Convert.ToHexString(k.Secret)}"))).Distinct(StringComparer.Ordinal)
            .ShouldHaveSingleItem();
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static SigningKey Candidate(byte n) => new(n, [.. Enumerable.Repeat(n, 32)]);
}
