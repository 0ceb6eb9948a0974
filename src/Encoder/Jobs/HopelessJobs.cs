using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using Microsoft.Extensions.Logging;

namespace HlsCache.Encoder.Jobs;

/// <summary>Jobs whose message goes to the dead letters without an attempt of theirs having failed: their viewers are told too.</summary>
public sealed partial class HopelessJobs(IEntryStore entries, AliasWork aliases, EncodeMeter meter, TimeProvider time, ILogger<HopelessJobs> logger)
{
    /// <summary>Ends the entry that the job is about, or the one in its place when its key became an alias, with a reason. When that does not work either, the log says so.</summary>
    public async Task TellAsync(EncodeJob? job, string reason, CancellationToken cancellationToken)
    {
        try
        {
            while (job?.Id() is { } id && await FindAsync(job, id, cancellationToken) is { IsTerminal: false } entry)
            {
                if (await entries.TryUpdateAsync(entry.Failed(reason, time.GetUtcNow()), cancellationToken) is not null)
                {
                    meter.Failed();
                    return;
                }
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.NotTold(logger, job?.MessageId(), e);
        }
    }

    private async Task<Entry?> FindAsync(EncodeJob job, GenerationId id, CancellationToken cancellationToken) =>
        await aliases.FollowAsync(job, await entries.ReadAsync(id.Key, cancellationToken), cancellationToken) is { } inItsPlace
            ? inItsPlace.Current
            : await entries.FindAsync(id, cancellationToken);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The viewers of job {Message} could not be told that it is given up.")]
        public static partial void NotTold(ILogger logger, string? message, Exception exception);
    }
}
