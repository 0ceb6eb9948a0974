using HlsCache.Core.Keys;
using HlsCache.Encoder.Planning;

namespace HlsCache.Encoder.Jobs;

/// <summary>What is to become of a job's message.</summary>
public abstract record JobOutcome
{
    /// <summary>The work is done, by us or by another, or no longer wanted.</summary>
    public sealed record Done : JobOutcome;

    /// <summary>The source was looked at: another request makes the same bytes and is to be encoded in place of this one. Never told to the queue.</summary>
    internal sealed record Elsewhere(PlannedSource Film, PlayRequest Canonical) : JobOutcome;

    /// <summary>It cannot go on here and now; another try follows after <paramref name="Delay"/>.</summary>
    public sealed record HandBack(TimeSpan Delay) : JobOutcome;

    /// <summary>Something that nobody foresaw went wrong before an attempt could be counted in the row, so the message's deliveries count.</summary>
    public sealed record Fault(string Reason) : JobOutcome;

    /// <summary>Nothing more will come of it; a person should look.</summary>
    public sealed record GiveUp(string Reason, string Description) : JobOutcome;
}
