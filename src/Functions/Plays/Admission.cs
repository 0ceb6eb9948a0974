using HlsCache.Core.Jobs;
using HlsCache.Functions.Stats;
using Microsoft.Extensions.Options;

namespace HlsCache.Functions.Plays;

/// <summary>Whether another film may be encoded now.</summary>
public sealed class Admission(IJobQueue queue, CensusCache census, IOptions<HlsCacheOptions> options)
{
    private static readonly PlayOutcome Busy = new PlayOutcome.Busy();
    private static readonly PlayOutcome NoRoom = new PlayOutcome.NoRoom();

    /// <summary>The refusal, or null.</summary>
    public async Task<PlayOutcome?> AskAsync(CancellationToken cancellationToken)
    {
        var hasRoom = HasRoomAsync(cancellationToken);
        return await queue.DepthAsync(cancellationToken) >= options.Value.MaxQueuedEncodes ? Busy : await hasRoom ? null : NoRoom;
    }

    /// <summary>Nobody waits for a count of the cache to be let in; only who would be refused does, since an old count may be wrong.</summary>
    private async Task<bool> HasRoomAsync(CancellationToken cancellationToken)
    {
        var budget = options.Value.BudgetBytes();
        var fresh = census.TakeAsync(cancellationToken);
        return census.Last is not { } last || last.Held < budget || (await fresh).Held < budget;
    }
}
