using System.Diagnostics;
using HlsCache.Core;
using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;

namespace HlsCache.Service.Plays;

/// <summary>Sends the message for a generation: intent in the row before, confirmation after, so that none is lost and one is enough.</summary>
public sealed partial class JobSender(IJobQueue queue, IEntryStore entries, TimeProvider time, ILogger<JobSender> logger)
{
    /// <summary>Sends for a row whose intent is written, and confirms it in the row.</summary>
    public async Task<Entry> SendAsync(Entry entry, CancellationToken cancellationToken)
    {
        using var span = Telemetry.Spans.StartActivity("send job", ActivityKind.Producer)
            ?.SetTag("hls_cache.key", entry.Id.Key.Value).SetTag("hls_cache.generation", entry.Id.Generation.Value).SetTag("hls_cache.attempt", entry.Attempt);
        var trace = Activity.Current is { IdFormat: ActivityIdFormat.W3C } request ? request.Id : null;
        await queue.SendAsync(EncodeJob.For(entry) with { TraceParent = trace }, PlayPolicy.MessageLifetime, cancellationToken);
        Log.Sent(logger, entry.Id, entry.Attempt, entry.Request.Source, entry.Request.Quality, entry.Request.Audio, entry.Reason);
        var sent = time.GetUtcNow();
        while (entry is { State: EntryState.Queued or EntryState.Encoding })
        {
            // An encoder may have claimed the row meanwhile.
            if (await entries.TryUpdateAsync(entry with { SentAt = sent }, cancellationToken) is { } confirmed)
            {
                return confirmed;
            }

            if (await entries.FindAsync(entry.Id, cancellationToken) is not { } fresh || fresh.Attempt != entry.Attempt)
            {
                break;
            }

            entry = fresh;
        }

        return entry;
    }

    /// <summary>Sends again when no message for this generation can exist any more, or none was ever confirmed.</summary>
    public async Task<Entry> EnsureSentAsync(Entry entry, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return PlayPolicy.AttemptToSend(entry, now) is { } attempt
            && await entries.TryUpdateAsync(entry with { Attempt = attempt, EnqueuedAt = now, SentAt = null }, cancellationToken) is { } intended
                ? await SendAsync(intended, cancellationToken)
                : entry;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Id}: sent job {Attempt} for {Source} at {Quality}, audio {Audio} ({Reason}).")]
        public static partial void Sent(
            ILogger logger, GenerationId id, int attempt, Core.Keys.SourcePath source, Core.Keys.Quality quality, Core.Keys.AudioChoice audio, MissReason reason);
    }
}
