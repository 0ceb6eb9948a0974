using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Lifecycle;
using HlsCache.Testing;

namespace HlsCache.Core.Tests.Lifecycle;

public sealed class ReapPolicyTests
{
    private static readonly TimeSpan OrphanAge = TimeSpan.FromMinutes(10);
    private static readonly DateTimeOffset Now = Samples.Now.AddDays(3);

    [Theory]
    // state, in force, has blobs, pinned
    [InlineData(EntryState.Complete, true, true, false, ReapAction.Keep)]
    [InlineData(EntryState.Complete, true, false, false, ReapAction.DeleteRow)]
    [InlineData(EntryState.Complete, true, false, true, ReapAction.DeleteRow)]
    [InlineData(EntryState.Complete, false, true, false, ReapAction.Evict)]
    [InlineData(EntryState.Complete, false, true, true, ReapAction.Keep)]
    [InlineData(EntryState.Queued, true, false, false, ReapAction.Keep)]
    [InlineData(EntryState.Encoding, true, true, false, ReapAction.Keep)]
    [InlineData(EntryState.Queued, false, false, false, ReapAction.EvictUnlessWritten)]
    [InlineData(EntryState.Encoding, false, true, false, ReapAction.EvictUnlessWritten)]
    [InlineData(EntryState.Encoding, false, true, true, ReapAction.Keep)]
    public void What_is_served_watched_or_still_queued_is_kept(EntryState state, bool inForce, bool hasBlobs, bool pinned, ReapAction expected) =>
        Decide(Entry(state) with { EnqueuedAt = Now.AddHours(-1), SentAt = Now.AddHours(-1) }, inForce, hasBlobs, pinned).ShouldBe(expected);

    [Theory]
    [InlineData(EntryState.Queued, false, ReapAction.EvictUnlessWritten)]
    [InlineData(EntryState.Encoding, false, ReapAction.EvictUnlessWritten)]
    [InlineData(EntryState.Queued, true, ReapAction.Keep)]
    [InlineData(EntryState.Encoding, true, ReapAction.Keep)]
    public void What_no_message_can_exist_for_any_more_is_abandoned_unless_watched(EntryState state, bool pinned, ReapAction expected)
    {
        Decide(Entry(state) with { SentAt = Now - PlayPolicy.MessageLifetime }, inForce: true, hasBlobs: true, pinned).ShouldBe(expected);
        Decide(Entry(state) with { EnqueuedAt = Now.AddMinutes(-1) }, inForce: true, hasBlobs: true, pinned).ShouldBe(expected);
    }

    [Fact]
    public void A_failure_is_told_for_a_day_and_its_blobs_go_when_it_may_be_tried_again()
    {
        var failed = Entry(EntryState.Failed);
        Decide(failed with { FailedAt = Now - PlayPolicy.FailureLifetime + TimeSpan.FromSeconds(1) }, true, true, false).ShouldBe(ReapAction.Keep);
        Decide(failed with { FailedAt = Now - PlayPolicy.FailureLifetime }, true, true, false).ShouldBe(ReapAction.DeleteBlobs);
        Decide(failed with { FailedAt = Now - PlayPolicy.FailureLifetime }, true, false, false).ShouldBe(ReapAction.Keep);
        Decide(failed with { FailedAt = Now - PlayPolicy.FailureLifetime }, true, true, true).ShouldBe(ReapAction.Keep);
        Decide(failed with { FailedAt = Now - ReapPolicy.FailureKept }, true, true, true).ShouldBe(ReapAction.Keep);
        Decide(failed with { FailedAt = Now - ReapPolicy.FailureKept }, true, true, false).ShouldBe(ReapAction.Evict);
        Decide(failed with { FailedAt = Now.AddSeconds(-1) }, false, true, false).ShouldBe(ReapAction.Evict);
    }

    [Fact]
    public void An_eviction_is_ended_once_whoever_began_it_must_be_dead()
    {
        var evicting = Entry(EntryState.Evicting);
        Decide(evicting with { EvictingSince = Now - OrphanAge + TimeSpan.FromSeconds(1) }, true, true, false).ShouldBe(ReapAction.Keep);
        Decide(evicting with { EvictingSince = Now - OrphanAge }, true, true, false).ShouldBe(ReapAction.FinishEviction);
        Decide(evicting with { EvictingSince = Now - OrphanAge }, false, false, true).ShouldBe(ReapAction.FinishEviction);
    }

    [Theory]
    [InlineData(EntryState.Complete, ReapAction.Evict)]
    [InlineData(EntryState.Failed, ReapAction.Evict)]
    [InlineData(EntryState.Queued, ReapAction.EvictUnlessWritten)]
    [InlineData(EntryState.Encoding, ReapAction.EvictUnlessWritten)]
    public void What_a_session_had_for_itself_goes_with_it(EntryState state, ReapAction expected)
    {
        var entry = Samples.Entry(Samples.NewRequest() with { Private = "its own" }) with { State = state, SentAt = Now.AddMinutes(-30), FailedAt = Now };
        Decide(entry, inForce: true, hasBlobs: true, pinned: false).ShouldBe(expected);
        Decide(entry, inForce: true, hasBlobs: true, pinned: true).ShouldBe(ReapAction.Keep);
    }

    [Fact]
    public void Whatever_is_young_is_left_alone()
    {
        foreach (var state in Enum.GetValues<EntryState>())
        {
            var young = Entry(state) with { Created = Now - OrphanAge + TimeSpan.FromSeconds(1) };
            Decide(young, inForce: false, hasBlobs: false, pinned: false).ShouldBe(ReapAction.Keep, state.ToString());
            var begun = Entry(state) with { Id = new(Samples.NewRequest().Key, Generation.After(null, Now.AddMinutes(-1))) };
            Decide(begun, inForce: false, hasBlobs: false, pinned: false).ShouldBe(ReapAction.Keep, state.ToString());
        }
    }

    private static ReapAction Decide(Entry entry, bool inForce, bool hasBlobs, bool pinned) => ReapPolicy.Decide(entry, inForce, hasBlobs, pinned, Now, OrphanAge);

    private static Entry Entry(EntryState state) => Samples.Entry(Samples.NewRequest()) with { State = state };
}
