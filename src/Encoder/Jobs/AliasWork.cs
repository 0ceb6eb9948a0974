using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Core.Keys;
using HlsCache.Core.Segments;
using Microsoft.Extensions.Logging;

namespace HlsCache.Encoder.Jobs;

/// <summary>
/// Keys that make the same bytes as another. First the other one has a row, then the key points to it, then its own row goes: an encoder that
/// dies in between leaves a message that leads the next one to the same work.
/// </summary>
public sealed partial class AliasWork(IEntryStore entries, ISegmentStore segments, TimeProvider time, ILogger<AliasWork> logger)
{
    /// <summary>The entry in force of what is encoded in the alias' place; begun here unless it was there. Null when a newer version is at it.</summary>
    public async Task<Entry?> StandInAsync(Entry alias, PlayRequest canonical, CancellationToken cancellationToken)
    {
        while (true)
        {
            var found = await entries.ReadAsync(canonical.Key, cancellationToken);
            if (found.IsNewer)
            {
                return null;
            }

            var now = time.GetUtcNow();
            var (action, reason) = PlayPolicy.DecideFor(found, alias.Stamp, alias.Profile, now);
            var entry = action == PlayAction.Start
                ? await entries.TryStartAsync(Entry.Begin(canonical, alias.Stamp, alias.Profile, reason, found.Pointer, now), found.Pointer, cancellationToken)
                : found.Current;
            if (entry is not null)
            {
                Log.StandsIn(logger, alias.Id, alias.Request.Quality, alias.Request.Audio, canonical.Quality, canonical.Audio, entry.Id, action);
                // The message in hand is for this entry now. Told when it is claimed and not before, so that until then others may send one of its own.
                return entry with { SentAt = entry.SentAt ?? alias.SentAt ?? alias.EnqueuedAt };
            }
        }
    }

    /// <summary>Makes the key an alias unless another generation of it is in force by now, and removes the generation that it no longer needs.</summary>
    public async Task FlipAsync(Entry alias, PlayRequest canonical, CancellationToken cancellationToken)
    {
        while ((await entries.ReadAsync(alias.Id.Key, cancellationToken)).Pointer is { IsInForce: true } pointer && pointer.Generation == alias.Id.Generation)
        {
            if (await entries.TryPointAsync(pointer with { Alias = new(canonical.Quality, canonical.Audio, alias.Stamp) }, cancellationToken))
            {
                break;
            }
        }

        await RemoveRowAsync(alias.Id, cancellationToken);
    }

    /// <summary>What a job is about whose key became an alias before it was done: what is there in its place, or null when nothing is left to do.</summary>
    public async Task<EntrySnapshot?> FollowAsync(EncodeJob job, EntrySnapshot found, CancellationToken cancellationToken)
    {
        // Followed even when it is void by now: whoever plays the other still relies on this message.
        if (found.Pointer is not { Alias: { } alias } pointer
            || job.Id() is not { } id || id != new GenerationId(pointer.Key, pointer.Generation)
            || SourcePath.Parse(job.Source, out _) is not { } source)
        {
            return null;
        }

        // Who made it an alias may have died before it had cleaned up.
        await RemoveRowAsync(id, cancellationToken);
        await segments.DeleteAsync(id, cancellationToken);
        var canonical = await entries.ReadAsync(new PlayRequest(source, alias.Quality, alias.Audio).Key, cancellationToken);
        return canonical.IsNewer || canonical.Current is { IsTerminal: false, Stamp: var stamp } && stamp == alias.Stamp ? canonical : null;
    }

    private async Task RemoveRowAsync(GenerationId id, CancellationToken cancellationToken)
    {
        // The sender confirms its message in it at this time.
        while (await entries.FindAsync(id, cancellationToken) is { } row && !await entries.TryDeleteAsync(row, cancellationToken))
        {
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Id}: {Quality}, audio {Audio}, makes the same bytes as {Canonical}, audio {CanonicalAudio}: {Other} ({Action}).")]
        public static partial void StandsIn(
            ILogger logger, GenerationId id, Quality quality, AudioChoice audio, Quality canonical, AudioChoice canonicalAudio, GenerationId other, PlayAction action);
    }
}
