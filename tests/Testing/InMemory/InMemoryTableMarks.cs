using HlsCache.Core.Lifecycle;

namespace HlsCache.Testing.InMemory;

public sealed class InMemoryTableMarks : ITableMarks
{
    /// <summary>Gone when a table is.</summary>
    public bool AreThere { get; set; }

    public Task<bool> AreThereAsync(CancellationToken cancellationToken) => Task.FromResult(AreThere);

    public Task PlaceAsync(CancellationToken cancellationToken)
    {
        AreThere = true;
        return Task.CompletedTask;
    }
}
