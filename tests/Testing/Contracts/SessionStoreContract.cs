using HlsCache.Core.Keys;
using HlsCache.Core.Sessions;

namespace HlsCache.Testing.Contracts;

public abstract class SessionStoreContract
{
    private const string Id = "0123456789abcdef";

    protected abstract Task<ISessionStore> CreateAsync();

    [Fact]
    public async Task A_session_is_read_back_whole()
    {
        var store = await CreateAsync();
        var session = new PlaySession(Samples.NewRequest() with { Private = "its own" }, Id, Generation.After(null, Samples.Now), own: true, Samples.Now.AddHours(6), 12.5);
        await store.PutAsync(session, Cancel);
        (await store.FindAsync(session.Key, Id, Cancel)).ShouldBe(session);
    }

    [Fact]
    public async Task A_session_may_pin_all_generations()
    {
        var store = await CreateAsync();
        var session = New();
        await store.PutAsync(session, Cancel);
        (await store.FindAsync(session.Key, Id, Cancel)).ShouldNotBeNull().From.ShouldBeNull();
    }

    [Fact]
    public async Task Putting_again_replaces_the_whole_row()
    {
        var store = await CreateAsync();
        var session = New() with { From = Generation.After(null, Samples.Now), PositionSeconds = 3 };
        await store.PutAsync(session, Cancel);
        var renewed = session with { From = null, Expires = session.Expires.AddHours(1), PositionSeconds = 60 };
        await store.PutAsync(renewed, Cancel);
        (await store.FindAsync(session.Key, Id, Cancel)).ShouldBe(renewed);
    }

    [Fact]
    public async Task Only_a_session_that_is_there_can_be_replaced()
    {
        var store = await CreateAsync();
        var session = New();
        (await store.TryReplaceAsync(session, Cancel)).ShouldBeFalse();
        (await store.FindAsync(session.Key, Id, Cancel)).ShouldBeNull();

        await store.PutAsync(session, Cancel);
        var moved = session with { PositionSeconds = 99 };
        (await store.TryReplaceAsync(moved, Cancel)).ShouldBeTrue();
        (await store.FindAsync(session.Key, Id, Cancel)).ShouldBe(moved);
    }

    [Fact]
    public async Task An_unknown_session_is_not_found()
    {
        var store = await CreateAsync();
        var session = New();
        await store.PutAsync(session, Cancel);
        (await store.FindAsync(session.Key, "ffffffffffffffff", Cancel)).ShouldBeNull();
        (await store.FindAsync(Samples.NewRequest().Key, Id, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task A_deleted_session_is_gone_and_deleting_again_is_no_error()
    {
        var store = await CreateAsync();
        var (session, other) = (New(), New());
        await store.PutAsync(session, Cancel);
        await store.PutAsync(other, Cancel);
        await store.DeleteAsync(session.Key, Id, Cancel);
        await store.DeleteAsync(session.Key, Id, Cancel);
        (await store.FindAsync(session.Key, Id, Cancel)).ShouldBeNull();
        (await store.FindAsync(other.Key, Id, Cancel)).ShouldBe(other);
    }

    [Fact]
    public async Task Sessions_that_ended_go_and_one_that_was_renewed_stays()
    {
        var store = await CreateAsync();
        var ended = New();
        var (renewed, living) = (ended with { Id = "1111111111111111" }, ended with { Id = "2222222222222222", Expires = ended.Expires.AddTicks(1) });
        await Task.WhenAll(new[] { ended, renewed, living }.Select(s => store.PutAsync(s, Cancel)));
        await store.PutAsync(renewed with { Expires = ended.Expires.AddHours(6) }, Cancel);
        await store.DeleteEndedAsync(ended.Key, ended.Expires, Cancel);
        await store.DeleteEndedAsync(ended.Key, ended.Expires, Cancel);
        (await store.ListAsync(ended.Key, Cancel)).Select(s => s.Id).ShouldBe([renewed.Id, living.Id], ignoreOrder: true);
    }

    [Fact]
    public async Task All_sessions_of_a_key_are_listed_and_no_others()
    {
        var store = await CreateAsync();
        var (a, other) = (New(), New());
        var b = a with { Id = "fedcba9876543210", Own = true };
        await Task.WhenAll(new[] { a, b, other }.Select(s => store.PutAsync(s, Cancel)));
        (await store.ListAsync(a.Key, Cancel)).ShouldBe([a, b], ignoreOrder: true);
        (await store.ListAsync(Samples.NewRequest().Key, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task All_sessions_are_listed_in_order_of_their_keys()
    {
        var store = await CreateAsync();
        var sessions = Enumerable.Range(0, 20).Select(_ => New()).ToList();
        await Task.WhenAll(sessions.Select(s => store.PutAsync(s, Cancel)));
        var listed = await store.ListAsync(Cancel).ToListAsync(Cancel);
        listed.Where(sessions.Contains).Count().ShouldBe(20);
        listed.Select(s => s.Key.Value).ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);

        var middle = sessions.OrderBy(s => s.Key.Value, StringComparer.Ordinal).ElementAt(9);
        var after = await store.ListAfterAsync(middle.Key, Cancel).ToListAsync(Cancel);
        after.Where(sessions.Contains).Count().ShouldBe(10);
        after.ShouldAllBe(s => string.CompareOrdinal(s.Key.Value, middle.Key.Value) > 0);
    }

    [Fact]
    public async Task A_session_without_end_is_kept_as_it_is()
    {
        var store = await CreateAsync();
        var session = New() with { Id = "operator", Expires = DateTimeOffset.MaxValue };
        await store.PutAsync(session, Cancel);
        (await store.FindAsync(session.Key, "operator", Cancel)).ShouldBe(session);
        (await store.ListAsync(session.Key, Cancel)).ShouldBe([session]);
    }

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static PlaySession New() => new(Samples.NewRequest(), Id, null, own: false, Samples.Now.AddHours(6));
}
