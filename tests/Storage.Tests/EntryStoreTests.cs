using Azure;
using Azure.Core;
using Azure.Data.Tables;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Storage.Tests;

/// <summary>What the table service is relied on for.</summary>
public sealed class EntryStoreTests : IAsyncDisposable
{
    private readonly StorageHost storage;
    private Action<HttpMessage> answered = _ => { };

    public EntryStoreTests(AzuriteFixture azurite)
    {
        var account = azurite.Server.NewAccount();
        var options = new TableClientOptions { Retry = { Delay = TimeSpan.FromMilliseconds(10) } };
        options.AddPolicy(new RequestPolicy(message => answered(message)), HttpPipelinePosition.PerRetry);
        storage = new(account, services => services.AddSingleton(new TableServiceClient(account, options)));
    }

    [Fact]
    public async Task Of_fifty_who_start_a_key_at_once_one_wins_and_pointer_and_row_agree()
    {
        var store = await storage.SetUpAsync<IEntryStore>();
        var request = Samples.NewRequest();
        // Each at a millisecond of its own, so that no two are the same generation by chance.
        var entries = Enumerable.Range(0, 50).Select(n => Samples.Entry(request) with { Id = new(request.Key, Generation.After(null, Samples.Now.AddMilliseconds(n))) });
        var results = await Task.WhenAll(entries.Select(e => Task.Run(() => store.TryStartAsync(e, null, Cancel), Cancel)));

        var winner = results.OfType<Entry>().ShouldHaveSingleItem();
        var snapshot = await store.ReadAsync(request.Key, Cancel);
        snapshot.Current.ShouldBe(winner);
        snapshot.Pointer.ShouldNotBeNull().Generation.ShouldBe(winner.Id.Generation);
        (await RowsAsync(request.Key)).Order(StringComparer.Ordinal).ShouldBe([winner.Id.Generation.Value, "current"]);
    }

    [Fact]
    public async Task A_start_whose_answer_was_lost_is_told_as_won_and_leaves_one_row()
    {
        var store = await storage.SetUpAsync<IEntryStore>();
        var tries = LoseFirstAnswer(RequestMethod.Post);
        var entry = Samples.Entry(Samples.NewRequest());
        var started = (await store.TryStartAsync(entry, null, Cancel)).ShouldNotBeNull();

        tries().ShouldBe(2);
        started.ShouldBe(entry with { Version = started.Version });
        (await store.ReadAsync(entry.Id.Key, Cancel)).Current.ShouldBe(started);
        (await store.TryUpdateAsync(started with { State = EntryState.Encoding }, Cancel)).ShouldNotBeNull();
        (await RowsAsync(entry.Id.Key)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_replacement_whose_answer_was_lost_is_told_as_won()
    {
        var store = await storage.SetUpAsync<IEntryStore>();
        var first = (await store.TryStartAsync(Samples.Entry(Samples.NewRequest()), null, Cancel)).ShouldNotBeNull();
        var pointer = (await store.ReadAsync(first.Id.Key, Cancel)).Pointer;
        var tries = LoseFirstAnswer(RequestMethod.Post);
        var second = await store.TryStartAsync(Samples.Entry(first.Request, first.Id.Generation), pointer, Cancel);

        tries().ShouldBe(2);
        second.ShouldNotBeNull();
        (await store.ReadAsync(first.Id.Key, Cancel)).Current.ShouldBe(second);
    }

    [Fact]
    public async Task A_loser_whose_answer_was_lost_has_lost_all_the_same()
    {
        var store = await storage.SetUpAsync<IEntryStore>();
        var first = (await store.TryStartAsync(Samples.Entry(Samples.NewRequest()), null, Cancel)).ShouldNotBeNull();
        var tries = LoseFirstAnswer(RequestMethod.Post);
        (await store.TryStartAsync(Samples.Entry(first.Request, first.Id.Generation), null, Cancel)).ShouldBeNull();
        tries().ShouldBe(2);
    }

    [Theory]
    [InlineData("SchemaVersion", 0)]
    [InlineData("SchemaVersion", "1")]
    [InlineData("SchemaVersion", null)]
    [InlineData("State", "Nonsense")]
    [InlineData("State", "17")]
    [InlineData("State", 1)]
    [InlineData("State", null)]
    [InlineData("Reason", "Nonsense")]
    [InlineData("Source", "film.mkv")]
    [InlineData("Source", null)]
    [InlineData("Quality", "4k")]
    [InlineData("Profile", "null")]
    [InlineData("Profile", "{")]
    [InlineData("Profile", "[]")]
    [InlineData("Profile", null)]
    [InlineData("Created", "yesterday")]
    [InlineData("Attempt", "two")]
    [InlineData("Bytes", 1.5)]
    public async Task A_row_that_this_version_cannot_read_is_as_if_it_were_not_there(string property, object? value)
    {
        var store = await storage.SetUpAsync<IEntryStore>();
        var entry = (await store.TryStartAsync(Samples.Entry(Samples.NewRequest()), null, Cancel)).ShouldNotBeNull();
        var row = (await Table.GetEntityAsync<TableEntity>(entry.Id.Key.Value, entry.Id.Generation.Value, cancellationToken: Cancel)).Value;
        row[property] = value;
        await Table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace, Cancel);

        (await store.FindAsync(entry.Id, Cancel)).ShouldBeNull();
        var snapshot = await store.ReadAsync(entry.Id.Key, Cancel);
        (snapshot.Current, snapshot.IsNewer).ShouldBe((null, false));
        // The pointer is there to be replaced, so that the key can be played again.
        (await store.TryStartAsync(Samples.Entry(entry.Request, entry.Id.Generation), snapshot.Pointer.ShouldNotBeNull(), Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_row_of_a_newer_version_is_told_from_one_that_is_broken()
    {
        var store = await storage.SetUpAsync<IEntryStore>();
        var entry = (await store.TryStartAsync(Samples.Entry(Samples.NewRequest()), null, Cancel)).ShouldNotBeNull();
        var row = new TableEntity(entry.Id.Key.Value, entry.Id.Generation.Value) { ["SchemaVersion"] = 2 };
        await Table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge, Cancel);

        var snapshot = await store.ReadAsync(entry.Id.Key, Cancel);
        (snapshot.Current, snapshot.IsNewer).ShouldBe((null, true));
        (await store.FindAsync(entry.Id, Cancel)).ShouldBeNull();
        (await store.ReadAllAsync(entry.Id.Key, Cancel)).ShouldNotBeNull().HasUnknown.ShouldBeTrue();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData(17)]
    public async Task A_pointer_that_cannot_be_read_names_the_newest_row_and_can_be_replaced(object? target)
    {
        var store = await storage.SetUpAsync<IEntryStore>();
        var first = (await store.TryStartAsync(Samples.Entry(Samples.NewRequest()), null, Cancel)).ShouldNotBeNull();
        var second = (await store.TryStartAsync(Samples.Entry(first.Request, first.Id.Generation), (await store.ReadAsync(first.Id.Key, Cancel)).Pointer, Cancel)).ShouldNotBeNull();
        await DamagePointerAsync(first.Id.Key, target);

        var snapshot = await store.ReadAsync(first.Id.Key, Cancel);
        snapshot.Current.ShouldBe(second);
        var third = (await store.TryStartAsync(Samples.Entry(first.Request, second.Id.Generation), snapshot.Pointer.ShouldNotBeNull(), Cancel)).ShouldNotBeNull();

        (await store.ReadAsync(first.Id.Key, Cancel)).Current.ShouldBe(third);
    }

    [Fact]
    public async Task A_pointer_that_cannot_be_read_can_be_replaced_when_no_row_is_left()
    {
        var store = await storage.SetUpAsync<IEntryStore>();
        var entry = (await store.TryStartAsync(Samples.Entry(Samples.NewRequest()), null, Cancel)).ShouldNotBeNull();
        await Table.DeleteEntityAsync(entry.Id.Key.Value, entry.Id.Generation.Value, cancellationToken: Cancel);
        await DamagePointerAsync(entry.Id.Key, null);

        var snapshot = await store.ReadAsync(entry.Id.Key, Cancel);
        snapshot.Current.ShouldBeNull();
        var pointer = snapshot.Pointer.ShouldNotBeNull();
        (await store.TryStartAsync(Samples.Entry(entry.Request, pointer.Generation), pointer, Cancel)).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_property_of_a_later_version_does_not_keep_a_row_from_being_read()
    {
        var store = await storage.SetUpAsync<IEntryStore>();
        var entry = (await store.TryStartAsync(Samples.Entry(Samples.NewRequest()), null, Cancel)).ShouldNotBeNull();
        var row = new TableEntity(entry.Id.Key.Value, entry.Id.Generation.Value) { ["Colour"] = "red" };
        await Table.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Merge, Cancel);
        var found = (await store.FindAsync(entry.Id, Cancel)).ShouldNotBeNull();
        found.ShouldBe(entry with { Version = found.Version });
    }

    [Fact]
    public async Task A_pointer_to_a_row_that_is_gone_is_still_a_pointer()
    {
        var store = await storage.SetUpAsync<IEntryStore>();
        var entry = (await store.TryStartAsync(Samples.Entry(Samples.NewRequest()), null, Cancel)).ShouldNotBeNull();
        await Table.DeleteEntityAsync(entry.Id.Key.Value, entry.Id.Generation.Value, cancellationToken: Cancel);
        var snapshot = await store.ReadAsync(entry.Id.Key, Cancel);
        snapshot.Current.ShouldBeNull();
        snapshot.Pointer.ShouldNotBeNull().Generation.ShouldBe(entry.Id.Generation);
    }

    public ValueTask DisposeAsync() => storage.DisposeAsync();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TableClient Table => storage.Get<TableServiceClient>().GetTableClient("entries");

    private async Task<List<string>> RowsAsync(EntryKey key) =>
        await Table.QueryAsync<TableEntity>($"PartitionKey eq '{key}'", cancellationToken: Cancel).Select(r => r.RowKey).ToListAsync(Cancel);

    private async Task DamagePointerAsync(EntryKey key, object? target) => await Table.UpdateEntityAsync(
        new TableEntity(key.Value, "current") { ["Generation"] = target }, ETag.All, TableUpdateMode.Replace, Cancel);

    /// <summary>Lets the service do the first request of that kind and drops its answer; tells how many were sent.</summary>
    private Func<int> LoseFirstAnswer(RequestMethod method)
    {
        var sent = 0;
        answered = message =>
        {
            if (message.Request.Method == method && ++sent == 1)
            {
                throw new IOException("Connection reset by peer");
            }
        };
        return () => sent;
    }
}
