using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Core.Plans;
using HlsCache.Testing;

namespace HlsCache.Core.Tests;

public sealed class PlayPolicyTests
{
    private static readonly EncodeProfile Profile = Samples.Profile;
    private static readonly EncodeProfile Other = Profile with { Crf = 30 };
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly EntryAlias Alias = new(Quality.Original, AudioChoice.None, "stamp");
    private static readonly EntryPointer Pointer = new(Samples.Request().Key, Generation.After(null, Samples.Now), "version");

    [Fact]
    public void A_key_that_was_never_played_is_started() =>
        PlayPolicy.Decide(null, "stamp", Profile, Samples.Now).ShouldBe((PlayAction.Start, MissReason.Cold));

    [Fact]
    public void Where_a_pointer_outlived_its_film_it_was_evicted()
    {
        var pointer = new EntryPointer(Samples.Request().Key, Core.Keys.Generation.After(null, Samples.Now), "1");
        PlayPolicy.Refine(new(pointer, null), MissReason.Cold).ShouldBe(MissReason.Evicted);
        PlayPolicy.Refine(new(pointer with { IsVoid = true }, null), MissReason.Cold).ShouldBe(MissReason.Evicted);
        PlayPolicy.Refine(new(pointer with { Alias = new(Core.Keys.Quality.Original, Core.Keys.AudioChoice.OfTrack(0), "stamp") }, null), MissReason.Cold).ShouldBe(MissReason.Cold);
        PlayPolicy.Refine(new(null, null), MissReason.Cold).ShouldBe(MissReason.Cold);
        PlayPolicy.Refine(new(pointer, Entry(EntryState.Complete)), MissReason.FailedIntegrity).ShouldBe(MissReason.FailedIntegrity);
    }

    [Theory]
    [InlineData(EntryState.Queued, PlayAction.Join, MissReason.FailedIntegrity)]
    [InlineData(EntryState.Encoding, PlayAction.Join, MissReason.FailedIntegrity)]
    [InlineData(EntryState.Complete, PlayAction.Hit, MissReason.FailedIntegrity)]
    [InlineData(EntryState.Failed, PlayAction.Fail, MissReason.FailedIntegrity)]
    [InlineData(EntryState.Evicting, PlayAction.Start, MissReason.Evicted)]
    public void A_fresh_entry_is_used_as_its_state_says(EntryState state, PlayAction action, MissReason reason) =>
        Decide(Entry(state)).ShouldBe((action, reason));

    [Theory]
    [InlineData(EntryState.Queued, MissReason.SourceChanged)]
    [InlineData(EntryState.Encoding, MissReason.SourceChanged)]
    [InlineData(EntryState.Complete, MissReason.SourceChanged)]
    [InlineData(EntryState.Failed, MissReason.SourceChanged)]
    [InlineData(EntryState.Evicting, MissReason.Evicted)]
    public void A_changed_source_starts_anew_whatever_the_state_and_age(EntryState state, MissReason reason)
    {
        PlayPolicy.Decide(Entry(state), "Stamp", Profile, Samples.Now).ShouldBe((PlayAction.Start, reason));
        PlayPolicy.Decide(Entry(state) with { Profile = Other }, "other", Profile, Samples.Now).ShouldBe((PlayAction.Start, reason));
    }

    [Theory]
    [InlineData(EntryState.Queued, MissReason.SettingsChanged)]
    [InlineData(EntryState.Encoding, MissReason.SettingsChanged)]
    [InlineData(EntryState.Complete, MissReason.SettingsChanged)]
    [InlineData(EntryState.Failed, MissReason.SettingsChanged)]
    [InlineData(EntryState.Evicting, MissReason.Evicted)]
    public void Changed_settings_start_anew_once_the_entry_is_old_enough(EntryState state, MissReason reason) =>
        Decide(Entry(state) with { Profile = Other, Created = Samples.Now - PlayPolicy.SettingsGrace }).ShouldBe((PlayAction.Start, reason));

    [Theory]
    [InlineData(EntryState.Queued, PlayAction.Join)]
    [InlineData(EntryState.Encoding, PlayAction.Join)]
    [InlineData(EntryState.Complete, PlayAction.Hit)]
    [InlineData(EntryState.Failed, PlayAction.Fail)]
    public void Changed_settings_alone_do_not_replace_a_young_entry(EntryState state, PlayAction action) =>
        Decide(Entry(state) with { Profile = Other, Created = Samples.Now - PlayPolicy.SettingsGrace + Tick }).Action.ShouldBe(action);

    [Theory]
    [InlineData(1, 2, PlayAction.Start)] // A newer app replaces an older recipe,
    [InlineData(2, 1, PlayAction.Hit)] // and never the other way round.
    [InlineData(2, 2, PlayAction.Hit)]
    public void In_a_rolling_upgrade_an_older_app_never_replaces_a_newer_recipe(int stored, int ours, PlayAction action)
    {
        var entry = Entry(EntryState.Complete) with { Profile = Profile with { Recipe = stored }, Created = Samples.Now.AddDays(-30) };
        PlayPolicy.Decide(entry, "stamp", Profile with { Recipe = ours }, Samples.Now).Action.ShouldBe(action);
    }

    [Fact]
    public void An_older_app_leaves_a_newer_recipe_even_when_other_settings_differ()
    {
        var entry = Entry(EntryState.Complete) with { Profile = Other with { Recipe = 2 }, Created = Samples.Now.AddDays(-30) };
        Decide(entry).Action.ShouldBe(PlayAction.Hit);
    }

    [Fact]
    public void An_old_entry_of_equal_settings_is_a_hit_for_ever() =>
        Decide(Entry(EntryState.Complete) with { Created = Samples.Now.AddYears(-5) }).Action.ShouldBe(PlayAction.Hit);

    [Fact]
    public void A_failure_is_told_as_long_as_it_lasts_and_then_tried_again()
    {
        var entry = Entry(EntryState.Failed) with { FailedAt = Samples.Now - PlayPolicy.FailureLifetime + Tick };
        Decide(entry).Action.ShouldBe(PlayAction.Fail);
        Decide(entry with { FailedAt = entry.FailedAt - Tick }).ShouldBe((PlayAction.Start, MissReason.ExpiredFailure));
    }

    [Fact]
    public void A_failure_without_a_time_is_not_told_for_ever() =>
        Decide(Entry(EntryState.Failed) with { FailedAt = null }).ShouldBe((PlayAction.Start, MissReason.ExpiredFailure));

    [Fact]
    public void An_alias_of_other_bytes_is_void_and_a_changed_source_starts_anew() =>
        DecideFor(Pointer with { Alias = Alias with { Stamp = "other" } }, null).ShouldBe((PlayAction.Start, MissReason.SourceChanged));

    [Fact]
    public void An_alias_that_is_not_followed_is_a_key_without_a_generation()
    {
        DecideFor(Pointer with { Alias = Alias }, null).ShouldBe((PlayAction.Start, MissReason.Cold));
        DecideFor(Pointer with { Alias = Alias with { Stamp = "other" }, IsVoid = true }, null).ShouldBe((PlayAction.Start, MissReason.Cold));
    }

    [Fact]
    public void A_key_of_its_own_is_used_as_its_entry_says()
    {
        DecideFor(null, null).ShouldBe((PlayAction.Start, MissReason.Cold));
        DecideFor(Pointer, Entry(EntryState.Complete)).ShouldBe((PlayAction.Hit, MissReason.FailedIntegrity));
        DecideFor(Pointer, Entry(EntryState.Complete) with { Stamp = "other" }).ShouldBe((PlayAction.Start, MissReason.SourceChanged));
    }

    [Theory]
    [InlineData(EntryState.Queued, false)]
    [InlineData(EntryState.Encoding, false)]
    [InlineData(EntryState.Complete, true)]
    [InlineData(EntryState.Failed, true)]
    [InlineData(EntryState.Evicting, true)]
    public void Some_states_are_final(EntryState state, bool terminal) => Entry(state).IsTerminal.ShouldBe(terminal);

    private static (PlayAction Action, MissReason Reason) DecideFor(EntryPointer? pointer, Entry? current) =>
        PlayPolicy.DecideFor(new(pointer, current), "stamp", Profile, Samples.Now);

    private static (PlayAction Action, MissReason Reason) Decide(Entry entry) => PlayPolicy.Decide(entry, "stamp", Profile, Samples.Now);

    private static Entry Entry(EntryState state) => Samples.Entry(Samples.Request()) with
    {
        State = state,
        Reason = MissReason.FailedIntegrity,
        FailedAt = state == EntryState.Failed ? Samples.Now : null,
    };
}
