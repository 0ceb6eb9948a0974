using HlsCache.Core.Entries;
using HlsCache.Core.Keys;

namespace HlsCache.Testing.Contracts;

public abstract class EntryStoreContract
{
    private const int Callers = 16;

    protected abstract Task<IEntryStore> CreateAsync();

    [Fact]
    public async Task A_key_that_was_never_played_has_neither_pointer_nor_row()
    {
        var store = await CreateAsync();
        (await store.ReadAsync(Samples.NewRequest().Key, Cancel)).ShouldBe(new(null, null));
        (await store.FindAsync(Samples.NewId(), Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task What_was_started_is_read_back_whole()
    {
        var store = await CreateAsync();
        var entry = Full();
        var stored = (await store.TryStartAsync(entry, null, Cancel)).ShouldNotBeNull();
        stored.Version.ShouldNotBeNullOrEmpty();
        stored.ShouldBe(entry with { Version = stored.Version });

        var snapshot = await store.ReadAsync(entry.Id.Key, Cancel);
        snapshot.Current.ShouldBe(stored);
        snapshot.Pointer.ShouldNotBeNull().Key.ShouldBe(entry.Id.Key);
        snapshot.Pointer.Generation.ShouldBe(entry.Id.Generation);
        snapshot.Pointer.Version.ShouldNotBeNullOrEmpty();
        (await store.FindAsync(entry.Id, Cancel)).ShouldBe(stored);
    }

    [Fact]
    public async Task What_is_unknown_stays_unknown()
    {
        var store = await CreateAsync();
        var stored = (await store.TryStartAsync(Samples.Entry(Samples.NewRequest()), null, Cancel)).ShouldNotBeNull();
        var found = (await store.FindAsync(stored.Id, Cancel)).ShouldNotBeNull();
        found.ShouldBe(stored);
        found.EnqueuedAt.ShouldBeNull();
        found.SentAt.ShouldBeNull();
        found.Error.ShouldBeNull();
        found.FailedAt.ShouldBeNull();
        found.VideoEnd.ShouldBeNull();
        found.AudioEnd.ShouldBeNull();
    }

    [Fact]
    public async Task An_update_that_clears_a_field_clears_it()
    {
        var store = await CreateAsync();
        var stored = (await store.TryStartAsync(Full(), null, Cancel)).ShouldNotBeNull();
        await store.TryUpdateAsync(stored with { SentAt = null, EnqueuedAt = null, Error = null, FailedAt = null, RepairOf = null, Failures = 0 }, Cancel);
        var found = (await store.FindAsync(stored.Id, Cancel)).ShouldNotBeNull();
        (found.SentAt, found.EnqueuedAt, found.Error, found.FailedAt, found.RepairOf, found.Failures).ShouldBe((null, null, null, null, null, 0));
    }

    [Theory]
    [InlineData("/media/it's \"#1\"? 100%.mkv")]
    [InlineData("/media/Größe/日本語/🎬.mkv")]
    [InlineData("/media/%2e%2e/a+b=c;d,e|f.mkv")]
    public async Task A_path_with_any_character_is_kept(string source)
    {
        var store = await CreateAsync();
        // A real store keeps what earlier runs wrote, so the key must be new.
        var entry = Samples.Entry(Samples.Request($"{source}.{Guid.NewGuid():N}"));
        var stored = await store.TryStartAsync(entry, null, Cancel);
        (await store.FindAsync(entry.Id, Cancel)).ShouldNotBeNull().ShouldBe(stored);
    }

    [Fact]
    public async Task Every_state_and_reason_is_kept()
    {
        var store = await CreateAsync();
        var entry = (await store.TryStartAsync(Samples.Entry(Samples.NewRequest()), null, Cancel)).ShouldNotBeNull();
        foreach (var state in Enum.GetValues<EntryState>())
        {
            foreach (var reason in Enum.GetValues<MissReason>())
            {
                entry = (await store.TryUpdateAsync(entry with { State = state, Reason = reason }, Cancel)).ShouldNotBeNull();
                var found = (await store.FindAsync(entry.Id, Cancel)).ShouldNotBeNull();
                (found.State, found.Reason).ShouldBe((state, reason));
            }
        }
    }

    [Fact]
    public async Task Only_one_of_many_callers_starts_a_key()
    {
        var store = await CreateAsync();
        var request = Samples.NewRequest();
        var results = await Task.WhenAll(Enumerable.Range(0, Callers)
            .Select(_ => Task.Run(() => store.TryStartAsync(Samples.Entry(request), null, Cancel), Cancel)));
        var winner = results.OfType<Entry>().ShouldHaveSingleItem();
        (await store.ReadAsync(request.Key, Cancel)).Current.ShouldBe(winner);
    }

    [Fact]
    public async Task Only_one_of_many_callers_replaces_a_generation()
    {
        var store = await CreateAsync();
        var (first, pointer) = await StartAsync(store);
        var results = await Task.WhenAll(Enumerable.Range(0, Callers)
            .Select(_ => Task.Run(() => store.TryStartAsync(Samples.Entry(first.Request, first.Id.Generation), pointer, Cancel), Cancel)));
        var winner = results.OfType<Entry>().ShouldHaveSingleItem();
        (await store.ReadAsync(first.Id.Key, Cancel)).Current.ShouldBe(winner);
    }

    [Fact]
    public async Task A_key_that_has_a_pointer_is_not_started_as_new()
    {
        var store = await CreateAsync();
        var (first, _) = await StartAsync(store);
        (await store.TryStartAsync(Samples.Entry(first.Request, first.Id.Generation), null, Cancel)).ShouldBeNull();
        (await store.ReadAsync(first.Id.Key, Cancel)).Current.ShouldBe(first);
    }

    [Fact]
    public async Task A_loser_leaves_no_row_behind()
    {
        var store = await CreateAsync();
        var (first, _) = await StartAsync(store);
        var loser = Samples.Entry(first.Request, first.Id.Generation);
        await store.TryStartAsync(loser, null, Cancel);
        (await store.FindAsync(loser.Id, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_pointer_that_another_has_moved_is_not_replaced()
    {
        var store = await CreateAsync();
        var (first, stale) = await StartAsync(store);
        var second = (await store.TryStartAsync(Samples.Entry(first.Request, first.Id.Generation), stale, Cancel)).ShouldNotBeNull();
        (await store.TryStartAsync(Samples.Entry(first.Request, second.Id.Generation), stale, Cancel)).ShouldBeNull();
        (await store.ReadAsync(first.Id.Key, Cancel)).Current.ShouldBe(second);
    }

    [Fact]
    public async Task A_replaced_generation_keeps_its_row()
    {
        var store = await CreateAsync();
        var (first, pointer) = await StartAsync(store);
        await store.TryStartAsync(Samples.Entry(first.Request, first.Id.Generation), pointer, Cancel);
        (await store.FindAsync(first.Id, Cancel)).ShouldBe(first);
    }

    [Fact]
    public async Task Keys_do_not_disturb_each_other()
    {
        var store = await CreateAsync();
        var (first, _) = await StartAsync(store);
        await StartAsync(store);
        (await store.ReadAsync(first.Id.Key, Cancel)).Current.ShouldBe(first);
    }

    [Fact]
    public async Task An_update_changes_the_row_and_its_version()
    {
        var store = await CreateAsync();
        var (first, pointer) = await StartAsync(store);
        var changed = (await store.TryUpdateAsync(first with { State = EntryState.Encoding, Failures = 2 }, Cancel)).ShouldNotBeNull();
        (changed.Version == first.Version).ShouldBeFalse();
        changed.ShouldBe(first with { State = EntryState.Encoding, Failures = 2, Version = changed.Version });
        var snapshot = await store.ReadAsync(first.Id.Key, Cancel);
        snapshot.Current.ShouldBe(changed);
        snapshot.Pointer.ShouldBe(pointer);
    }

    [Fact]
    public async Task An_update_of_an_outdated_version_changes_nothing()
    {
        var store = await CreateAsync();
        var (first, _) = await StartAsync(store);
        var changed = await store.TryUpdateAsync(first with { State = EntryState.Encoding }, Cancel);
        (await store.TryUpdateAsync(first with { State = EntryState.Evicting }, Cancel)).ShouldBeNull();
        (await store.FindAsync(first.Id, Cancel)).ShouldBe(changed);
    }

    [Fact]
    public async Task Only_one_of_many_updates_of_one_version_succeeds()
    {
        var store = await CreateAsync();
        var (first, _) = await StartAsync(store);
        var results = await Task.WhenAll(Enumerable.Range(1, Callers)
            .Select(n => Task.Run(() => store.TryUpdateAsync(first with { Failures = n }, Cancel), Cancel)));
        var winner = results.OfType<Entry>().ShouldHaveSingleItem();
        (await store.FindAsync(first.Id, Cancel)).ShouldBe(winner);
    }

    [Fact]
    public async Task A_row_that_does_not_exist_is_not_updated()
    {
        var store = await CreateAsync();
        var (first, _) = await StartAsync(store);
        var absent = Samples.Entry(Samples.NewRequest()) with { Version = first.Version };
        (await store.TryUpdateAsync(absent, Cancel)).ShouldBeNull();
        (await store.FindAsync(absent.Id, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_row_is_deleted_in_the_version_that_was_read_or_not_at_all()
    {
        var store = await CreateAsync();
        var (first, pointer) = await StartAsync(store);
        var changed = (await store.TryUpdateAsync(first with { Failures = 1 }, Cancel)).ShouldNotBeNull();
        (await store.TryDeleteAsync(first, Cancel)).ShouldBeFalse();
        (await store.TryDeleteAsync(changed, Cancel)).ShouldBeTrue();
        (await store.TryDeleteAsync(changed, Cancel)).ShouldBeFalse();
        (await store.ReadAsync(first.Id.Key, Cancel)).ShouldBe(new(pointer, null));
    }

    [Fact]
    public async Task An_alias_takes_the_generation_out_of_force_and_is_read_back_whole()
    {
        var store = await CreateAsync();
        var (first, pointer) = await StartAsync(store);
        var alias = new EntryAlias(Quality.Original, AudioChoice.OfTrack(3), "\"0x8DC\" 1-2");
        (await store.TryPointAsync(pointer with { Alias = alias }, Cancel)).ShouldBeTrue();
        var snapshot = await store.ReadAsync(first.Id.Key, Cancel);
        snapshot.Current.ShouldBeNull();
        snapshot.Pointer.ShouldNotBeNull().ShouldBe(pointer with { Alias = alias, Version = snapshot.Pointer.Version });
        (await store.TryPointAsync(pointer with { IsVoid = true }, Cancel)).ShouldBeFalse();
        (await store.TryStartAsync(Samples.Entry(first.Request, first.Id.Generation), snapshot.Pointer, Cancel)).ShouldNotBeNull();
        (await store.ReadAsync(first.Id.Key, Cancel)).Pointer.ShouldNotBeNull().Alias.ShouldBeNull();
    }

    [Fact]
    public async Task A_void_pointer_serves_nothing_and_keeps_its_generation()
    {
        var store = await CreateAsync();
        var (first, pointer) = await StartAsync(store);
        (await store.TryPointAsync(pointer with { IsVoid = true }, Cancel)).ShouldBeTrue();
        var snapshot = await store.ReadAsync(first.Id.Key, Cancel);
        snapshot.Current.ShouldBeNull();
        snapshot.Pointer.ShouldNotBeNull().Generation.ShouldBe(first.Id.Generation);
        (await store.FindAsync(first.Id, Cancel)).ShouldBe(first);
        (await store.TryDeleteAsync(pointer, Cancel)).ShouldBeFalse();
        (await store.TryDeleteAsync(snapshot.Pointer, Cancel)).ShouldBeTrue();
        (await store.ReadAsync(first.Id.Key, Cancel)).Pointer.ShouldBeNull();
    }

    [Fact]
    public async Task Every_key_is_listed_once_with_all_its_rows_in_order()
    {
        var store = await CreateAsync();
        var (first, pointer) = await StartAsync(store);
        var second = (await store.TryStartAsync(Samples.Entry(first.Request, first.Id.Generation), pointer, Cancel)).ShouldNotBeNull();
        var (other, _) = await StartAsync(store);
        await store.TryDeleteAsync(other, Cancel);

        var keys = await store.ListAsync(Cancel).ToListAsync(Cancel);
        keys.Select(k => k.Key.Value).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
        var key = keys.Where(k => k.Key == first.Id.Key).ShouldHaveSingleItem();
        key.Generations.ShouldBe([first, second]);
        key.Pointer.ShouldNotBeNull().Generation.ShouldBe(second.Id.Generation);
        (key.HasNewer, key.HasBroken).ShouldBe((false, false));
        keys.Where(k => k.Key == other.Id.Key).ShouldHaveSingleItem().Generations.ShouldBeEmpty();

        (await store.ReadAllAsync(first.Id.Key, Cancel)).ShouldNotBeNull().Generations.ShouldBe([first, second]);
        (await store.ReadAllAsync(other.Id.Key, Cancel)).ShouldNotBeNull().Generations.ShouldBeEmpty();
        (await store.ReadAllAsync(Samples.NewRequest().Key, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task The_keys_after_another_are_listed()
    {
        var store = await CreateAsync();
        var keys = new List<EntryKey>();
        for (var i = 0; i < 6; i++)
        {
            keys.Add((await StartAsync(store)).Entry.Id.Key);
        }

        keys.Sort((a, b) => string.CompareOrdinal(a.Value, b.Value));
        var listed = await store.ListAfterAsync(keys[2], Cancel).Select(k => k.Key).ToListAsync(Cancel);
        listed.Where(keys.Contains).ShouldBe(keys[3..]);
        listed.ShouldAllBe(k => string.CompareOrdinal(k.Value, keys[2].Value) > 0);
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Entry Full() => Samples.Entry(Samples.NewRequest() with { Private = "a session's own" }) with
    {
        State = EntryState.Failed,
        EvictingSince = Samples.Now.AddDays(2),
        Reason = MissReason.SettingsChanged,
        Stamp = "\"0x8DC\" 1-2",
        LastAccess = Samples.Now.AddDays(1),
        Attempt = 3,
        EnqueuedAt = Samples.Now.AddSeconds(1),
        SentAt = Samples.Now.AddSeconds(2),
        Planned = true,
        VideoUnits = 5_000_000_000,
        AudioUnits = 400,
        VideoEnd = 4_999_999_999,
        AudioEnd = 399,
        Seconds = 8.533333,
        Bytes = 6_000_000_000,
        EncodeSeconds = 1.25,
        Failures = 5,
        Error = "Invalid data: „moov“ not found\nat 0x10",
        FailedAt = Samples.Now.AddMinutes(1),
        RepairOf = Generation.After(null, Samples.Now.AddDays(-1)),
    };

    private static async Task<(Entry Entry, EntryPointer Pointer)> StartAsync(IEntryStore store)
    {
        var entry = (await store.TryStartAsync(Samples.Entry(Samples.NewRequest()), null, Cancel)).ShouldNotBeNull();
        return (entry, (await store.ReadAsync(entry.Id.Key, Cancel)).Pointer.ShouldNotBeNull());
    }
}
