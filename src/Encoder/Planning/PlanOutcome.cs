using HlsCache.Core.Plans;

namespace HlsCache.Encoder.Planning;

/// <summary>A plan, or why there can be none, as a sentence for the viewer.</summary>
public sealed record PlanOutcome(EncodePlan? Plan, string? Refusal)
{
    public static PlanOutcome Of(EncodePlan plan) => new(plan, null);

    public static PlanOutcome Refuse(string sentence) => new(null, sentence);
}
