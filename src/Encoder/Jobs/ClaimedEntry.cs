using HlsCache.Core.Entries;

namespace HlsCache.Encoder.Jobs;

/// <summary>The row of the generation that this encoder works on. Changes go in one at a time, each on top of what others wrote meanwhile.</summary>
public sealed class ClaimedEntry(IEntryStore entries, Entry claimed) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);

    public Entry Current { get; private set; } = claimed;

    /// <summary>Changes the row; false when it is no longer ours to change: deleted, sealed by another, or being evicted.</summary>
    public async Task<bool> UpdateAsync(Func<Entry, Entry> change, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                if (await entries.TryUpdateAsync(change(Current), cancellationToken) is { } updated)
                {
                    Current = updated;
                    return true;
                }

                if (await entries.FindAsync(Current.Id, cancellationToken) is not { State: EntryState.Queued or EntryState.Encoding } fresh)
                {
                    return false;
                }

                Current = fresh;
            }
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}
