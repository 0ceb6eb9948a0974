using HlsCache.Core.Entries;
using HlsCache.Core.Sessions;

namespace HlsCache.Service.Plays;

/// <summary>What came of a play.</summary>
public abstract record PlayOutcome
{
    /// <summary>The viewer can begin.</summary>
    /// <param name="Reason">Why there was nothing to serve when this generation began.</param>
    public abstract record Playing(GenerationId Id, PlaySession Session, MissReason Reason) : PlayOutcome
    {
        /// <summary>When links end: before their session, by what clocks may differ.</summary>
        public DateTimeOffset Expires => Session.Expires - SessionLifetime.ClockSkew;
    }

    /// <summary>Everything exists.</summary>
    public sealed record Hit(GenerationId Id, PlaySession Session, MissReason Reason, BlobAccess Blobs, Progress Progress) : Playing(Id, Session, Reason);

    /// <summary>It is queued or being encoded.</summary>
    public sealed record Miss(GenerationId Id, PlaySession Session, MissReason Reason, bool IsQueued, Progress Progress) : Playing(Id, Session, Reason);

    /// <summary>Another request makes the same bytes and is to be played instead; never told to a caller.</summary>
    /// <param name="Left">The session that was held under the request's own key.</param>
    internal sealed record Aliased(EntryAlias Alias, PlaySession Left) : PlayOutcome;

    /// <summary>There is no such film.</summary>
    public sealed record NotFound : PlayOutcome;

    /// <summary>It would have to be encoded, and too many encodes are queued.</summary>
    public sealed record Busy : PlayOutcome;

    /// <summary>It would have to be encoded, and what is being watched and encoded fills the cache.</summary>
    public sealed record NoRoom : PlayOutcome;

    /// <summary>A newer version of the app is at it, in a form that this one cannot read.</summary>
    public sealed record Newer : PlayOutcome;

    /// <summary>The film cannot be encoded.</summary>
    public sealed record Failed(string Why) : PlayOutcome;
}
