using HlsCache.Core.Entries;
using HlsCache.Core.Segments;

namespace HlsCache.Encoder.Tests.Stage;

/// <summary>A segment store that a test may look at, hold up and answer for.</summary>
internal sealed class HookedSegmentStore(ISegmentStore inner) : ISegmentStore
{
    public Func<CancellationToken, Task> BeforeCreate { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs before each upload. An answer is given instead of the upload.</summary>
    public Func<string, ReadOnlyMemory<byte>, Task<PutResult?>> BeforePut { get; set; } = (_, _) => Task.FromResult<PutResult?>(null);

    /// <summary>Runs behind each upload.</summary>
    public Action<string> AfterPut { get; set; } = _ => { };

    public async Task CreateAsync(GenerationId id, CancellationToken cancellationToken)
    {
        await BeforeCreate(cancellationToken);
        await inner.CreateAsync(id, cancellationToken);
    }

    public async Task<PutResult> PutAsync(GenerationId id, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var result = await BeforePut(name, content) ?? await inner.PutAsync(id, name, content, cancellationToken);
        AfterPut(name);
        return result;
    }

    public Task<byte[]?> ReadAsync(GenerationId id, string name, CancellationToken cancellationToken) => inner.ReadAsync(id, name, cancellationToken);

    public Task<long?> SizeAsync(GenerationId id, string name, CancellationToken cancellationToken) => inner.SizeAsync(id, name, cancellationToken);

    public IAsyncEnumerable<StoredBlob> ListAsync(GenerationId id, CancellationToken cancellationToken) => inner.ListAsync(id, cancellationToken);

    public Task<PutResult> CopyAsync(GenerationId from, GenerationId to, string name, CancellationToken cancellationToken) =>
        inner.CopyAsync(from, to, name, cancellationToken);

    public IAsyncEnumerable<GenerationId> GenerationsAsync(CancellationToken cancellationToken) => inner.GenerationsAsync(cancellationToken);

    public Task DeleteAsync(GenerationId id, CancellationToken cancellationToken) => inner.DeleteAsync(id, cancellationToken);
}
