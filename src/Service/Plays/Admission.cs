using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Service.Stats;
using Microsoft.Extensions.Options;

namespace HlsCache.Service.Plays;

/// <summary>Whether a generation may be begun now.</summary>
public sealed class Admission(IJobQueue queue, CensusCache census, IOptions<HlsCacheOptions> options)
{
    private static readonly PlayOutcome Busy = new PlayOutcome.Busy();
    private static readonly PlayOutcome NoRoom = new PlayOutcome.NoRoom();

    /// <summary>The refusal, or null.</summary>
    public async Task<PlayOutcome?> AskAsync(EntrySnapshot found, CancellationToken cancellationToken)
    {
        var hasRoom = Replaces(found) ? Task.FromResult(true) : HasRoomAsync(cancellationToken);
        var most = options.Value.MaxQueuedEncodes;
        return await queue.DepthAsync(most, cancellationToken) >= most ? Busy : await hasRoom ? null : NoRoom;
    }

    /// <summary>Whether it comes in the place of a film that has its room. That one's viewers may ask for ever; they must not keep out what they ask for.</summary>
    private static bool Replaces(EntrySnapshot found) =>
        found is { Current.State: EntryState.Complete or EntryState.Queued or EntryState.Encoding } or { Pointer.IsVoid: true };

    /// <summary>Nobody waits for a count of the cache to be let in. Whoever would be refused does: an old count may be wrong.</summary>
    private async Task<bool> HasRoomAsync(CancellationToken cancellationToken)
    {
        var budget = options.Value.BudgetBytes();
        // For those who come next.
        _ = census.TakeAsync(CancellationToken.None);
        return census.Last is not { } last || last.TakenBytes < budget || (await census.TakeFreshAsync(cancellationToken)).TakenBytes < budget;
    }
}
