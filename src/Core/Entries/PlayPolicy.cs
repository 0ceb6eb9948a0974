using HlsCache.Core.Plans;

namespace HlsCache.Core.Entries;

/// <summary>The rules by which a play decides, as pure functions of what it read.</summary>
public static class PlayPolicy
{
    /// <summary>How long a failure is told to viewers before the film is tried again.</summary>
    public static readonly TimeSpan FailureLifetime = TimeSpan.FromMinutes(10);

    /// <summary>A younger generation is not replaced for its settings alone: during a rolling upgrade two versions would replace each other's for ever.</summary>
    public static readonly TimeSpan SettingsGrace = TimeSpan.FromMinutes(15);

    /// <summary>How long a message stays in the queue when nobody takes it.</summary>
    public static readonly TimeSpan MessageLifetime = TimeSpan.FromHours(24);

    /// <summary>After this long without a confirmation, whoever sent the message is taken for dead.</summary>
    public static readonly TimeSpan SendGrace = TimeSpan.FromSeconds(10);

    /// <summary>What to do about a key that is not followed to another: an alias that was found for other bytes of the source is void.</summary>
    public static (PlayAction Action, MissReason Reason) DecideFor(EntrySnapshot found, string stamp, EncodeProfile profile, DateTimeOffset now) =>
        found.Alias is { } alias && !string.Equals(alias.Stamp, stamp, StringComparison.Ordinal)
            ? (PlayAction.Start, MissReason.SourceChanged)
            : Decide(found.Current, stamp, profile, now);

    /// <summary>What to do about <paramref name="entry"/>; the reason is set when a new generation is to begin.</summary>
    public static (PlayAction Action, MissReason Reason) Decide(Entry? entry, string stamp, EncodeProfile profile, DateTimeOffset now) => entry switch
    {
        null => (PlayAction.Start, MissReason.Cold),
        { State: EntryState.Evicting } => (PlayAction.Start, MissReason.Evicted),
        _ when !string.Equals(entry.Stamp, stamp, StringComparison.Ordinal) => (PlayAction.Start, MissReason.SourceChanged),
        _ when IsOutdated(entry, profile, now) => (PlayAction.Start, MissReason.SettingsChanged),
        { State: EntryState.Failed } => entry.FailedAt + FailureLifetime > now
            ? (PlayAction.Fail, entry.Reason)
            : (PlayAction.Start, MissReason.ExpiredFailure),
        { State: EntryState.Complete } => (PlayAction.Hit, entry.Reason),
        _ => (PlayAction.Join, entry.Reason),
    };

    /// <summary>Why a new generation begins, where nothing was found: a pointer outlives what it pointed to.</summary>
    public static MissReason Refine(EntrySnapshot found, MissReason reason) =>
        reason == MissReason.Cold && found.Pointer is { Alias: null } ? MissReason.Evicted : reason;

    /// <summary>Whether a message for this generation must be sent (again), and under which attempt; null when one may still exist.</summary>
    public static int? AttemptToSend(Entry entry, DateTimeOffset now) => entry switch
    {
        { State: not (EntryState.Queued or EntryState.Encoding) } => null,
        // Unconfirmed: the same id again, which duplicate detection or the encoder's own checks make harmless.
        { SentAt: null } => entry.EnqueuedAt + SendGrace > now ? null : entry.Attempt,
        _ => entry.SentAt + MessageLifetime > now ? null : entry.Attempt + 1,
    };

    private static bool IsOutdated(Entry entry, EncodeProfile profile, DateTimeOffset now) =>
        entry.Profile.Fingerprint != profile.Fingerprint
        && entry.Profile.Recipe <= profile.Recipe
        && entry.Created + SettingsGrace <= now;
}
