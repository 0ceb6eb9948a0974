using HlsCache.Core.Entries;
using HlsCache.Core.Lifecycle;

namespace HlsCache.Service.Plays;

/// <summary>Keeps when a film was last played, to the minute, beside the answer and never in its way.</summary>
public sealed partial class LastAccess(IEntryStore entries, IStorageFaults faults, TimeProvider time, ILogger<LastAccess> logger)
{
    private static readonly TimeSpan Coarse = TimeSpan.FromMinutes(1);

    public void Touch(Entry entry)
    {
        if (entry.LastAccess + Coarse <= time.GetUtcNow())
        {
            _ = WriteAsync(entry);
        }
    }

    private async Task WriteAsync(Entry entry)
    {
        try
        {
            // Another's change wins: it is at least as recent.
            await entries.TryUpdateAsync(entry with { LastAccess = time.GetUtcNow() }, CancellationToken.None);
        }
        catch (Exception e) when (faults.Explain(e) is { } cause)
        {
            Log.TouchFailed(logger, entry.Id, cause);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Id}: its last access could not be kept; the next play does it. {Cause}")]
        public static partial void TouchFailed(ILogger logger, GenerationId id, string cause);
    }
}
