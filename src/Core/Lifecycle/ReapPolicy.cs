using HlsCache.Core.Entries;

namespace HlsCache.Core.Lifecycle;

/// <summary>Which generations nobody continues, serves or watches; as a pure function of what was read of them.</summary>
public static class ReapPolicy
{
    /// <summary>How long the row of a failure is kept.</summary>
    public static readonly TimeSpan FailureKept = TimeSpan.FromHours(24);

    /// <summary>How long a pointer is kept whose generations are gone: its successor must sort after it, and clocks do not differ by this much.</summary>
    public static readonly TimeSpan PointerKept = TimeSpan.FromDays(30);

    /// <summary>How long an alias is kept: without it, a play of what is encoded long since would wait for an encoder to find out again.</summary>
    public static readonly TimeSpan AliasKept = TimeSpan.FromDays(365);

    /// <param name="inForce">Whether plays are served from it.</param>
    /// <param name="hasBlobs">Whether its container exists.</param>
    /// <param name="pinned">Whether somebody is watching it.</param>
    /// <param name="orphanAge">What is younger is left alone: it may be in the making.</param>
    public static ReapAction Decide(Entry entry, bool inForce, bool hasBlobs, bool pinned, DateTimeOffset now, TimeSpan orphanAge)
    {
        if (Latest(entry.Created, entry.Id.Generation.Begun) + orphanAge > now)
        {
            return ReapAction.Keep;
        }

        return entry.State switch
        {
            EntryState.Evicting => entry.EvictingSince + orphanAge > now ? ReapAction.Keep : ReapAction.FinishEviction,
            // One session's own, and that has ended.
            EntryState.Complete or EntryState.Failed when entry.Request.Private is not null && !pinned => ReapAction.Evict,
            EntryState.Complete => !hasBlobs ? ReapAction.DeleteRow : inForce || pinned ? ReapAction.Keep : ReapAction.Evict,
            EntryState.Failed when pinned => ReapAction.Keep,
            EntryState.Failed when !inForce || entry.FailedAt + FailureKept <= now => ReapAction.Evict,
            EntryState.Failed => hasBlobs && entry.FailedAt + PlayPolicy.FailureLifetime <= now ? ReapAction.DeleteBlobs : ReapAction.Keep,
            // Superseded: encoders drop its message.
            _ when !inForce || entry.Request.Private is not null => pinned ? ReapAction.Keep : ReapAction.EvictUnlessWritten,
            _ => pinned || PlayPolicy.AttemptToSend(entry, now) is null ? ReapAction.Keep : ReapAction.EvictUnlessWritten,
        };
    }

    /// <summary>Whether a pointer of which no generation is left has been kept for long enough.</summary>
    public static bool IsForgotten(EntryPointer pointer, DateTimeOffset now) =>
        pointer.Generation.Begun + (pointer.Alias is null ? PointerKept : AliasKept) <= now;

    private static DateTimeOffset Latest(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
