using HlsCache.Core.Entries;

namespace HlsCache.Core.Work;

/// <summary>The rows of work in progress.</summary>
public interface IWorkStore
{
    /// <summary>Inserts or replaces the worker's report.</summary>
    Task PutAsync(WorkReport report, CancellationToken cancellationToken);

    /// <summary>What all workers of the generation report.</summary>
    Task<IReadOnlyList<WorkReport>> ReadAsync(GenerationId id, CancellationToken cancellationToken);

    /// <summary>Removes the worker's report; one that does not exist is no error.</summary>
    Task DeleteAsync(GenerationId id, string worker, CancellationToken cancellationToken);

    /// <summary>Removes all reports of the generation, those of dead workers too.</summary>
    Task DeleteAsync(GenerationId id, CancellationToken cancellationToken);
}
