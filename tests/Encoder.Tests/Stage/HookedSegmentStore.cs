using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Testing.InMemory;

namespace HlsCache.Encoder.Tests.Stage;

/// <summary>A segment store that a test may look at, hold up and answer for.</summary>
internal sealed class HookedSegmentStore(ISegmentStore inner) : DelegatingSegmentStore(inner)
{
    public Func<CancellationToken, Task> BeforeCreate { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs before each upload. An answer is given instead of the upload.</summary>
    public Func<string, ReadOnlyMemory<byte>, Task<PutResult?>> BeforePut { get; set; } = (_, _) => Task.FromResult<PutResult?>(null);

    /// <summary>Runs behind each upload.</summary>
    public Action<string> AfterPut { get; set; } = _ => { };

    public override async Task CreateAsync(GenerationId id, CancellationToken cancellationToken)
    {
        await BeforeCreate(cancellationToken);
        await base.CreateAsync(id, cancellationToken);
    }

    public override async Task<PutResult> PutAsync(GenerationId id, string name, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var result = await BeforePut(name, content) ?? await base.PutAsync(id, name, content, cancellationToken);
        AfterPut(name);
        return result;
    }
}
