using HlsCache.Core.Entries;
using HlsCache.Testing;

namespace HlsCache.Core.Tests;

public sealed class AttemptToSendTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Theory]
    [InlineData(EntryState.Complete)]
    [InlineData(EntryState.Failed)]
    [InlineData(EntryState.Evicting)]
    public void Nothing_is_sent_for_what_is_over(EntryState state)
    {
        Attempt(Entry(state, enqueued: Samples.Now.AddDays(-9), sent: null)).ShouldBeNull();
        Attempt(Entry(state, enqueued: Samples.Now.AddDays(-9), sent: Samples.Now.AddDays(-9))).ShouldBeNull();
    }

    [Theory]
    [InlineData(EntryState.Queued)]
    [InlineData(EntryState.Encoding)]
    public void An_unconfirmed_message_is_sent_again_under_the_same_attempt_after_its_grace(EntryState state)
    {
        var due = Samples.Now - PlayPolicy.SendGrace;
        Attempt(Entry(state, enqueued: Samples.Now, sent: null)).ShouldBeNull();
        Attempt(Entry(state, enqueued: due + Tick, sent: null)).ShouldBeNull();
        Attempt(Entry(state, enqueued: due, sent: null)).ShouldBe(3);
        Attempt(Entry(state, enqueued: due.AddDays(-30), sent: null)).ShouldBe(3);
    }

    [Theory]
    [InlineData(EntryState.Queued)]
    [InlineData(EntryState.Encoding)]
    public void A_confirmed_message_counts_until_its_life_ends_and_then_the_next_attempt_is_sent(EntryState state)
    {
        var due = Samples.Now - PlayPolicy.MessageLifetime;
        Attempt(Entry(state, enqueued: due, sent: Samples.Now)).ShouldBeNull();
        Attempt(Entry(state, enqueued: due, sent: due + Tick)).ShouldBeNull();
        Attempt(Entry(state, enqueued: due, sent: due)).ShouldBe(4);
    }

    [Fact]
    public void A_message_that_nobody_decided_to_send_is_sent() =>
        Attempt(Entry(EntryState.Queued, enqueued: null, sent: null)).ShouldBe(3);

    private static int? Attempt(Entry entry) => PlayPolicy.AttemptToSend(entry, Samples.Now);

    private static Entry Entry(EntryState state, DateTimeOffset? enqueued, DateTimeOffset? sent) =>
        Samples.Entry(Samples.Request()) with { State = state, Attempt = 3, EnqueuedAt = enqueued, SentAt = sent };
}
