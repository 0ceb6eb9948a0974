using Azure;
using Azure.Data.Tables;
using HlsCache.Core.Keys;
using HlsCache.Core.Sessions;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;

namespace HlsCache.Storage.Tests;

/// <summary>Sessions that a newer version wrote.</summary>
public sealed class SessionStoreTests(AzuriteFixture azurite) : IAsyncDisposable
{
    private readonly StorageHost storage = new(azurite.Server.NewAccount());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => storage.DisposeAsync();

    [Fact]
    public async Task One_of_a_request_that_cannot_be_read_pins_none_the_less_and_keeps_what_it_says()
    {
        var store = await storage.SetUpAsync<ISessionStore>();
        var session = new PlaySession(Samples.NewRequest(), "0123456789abcdef", Generation.After(null, Samples.Now), own: true, Samples.Now.AddHours(1));
        await store.PutAsync(session, Cancel);
        var table = storage.Get<TableServiceClient>().GetTableClient("sessions");
        await table.UpdateEntityAsync(new TableEntity(session.Key.Value, session.Id) { ["Quality"] = "4320p" }, ETag.All, TableUpdateMode.Merge, Cancel);

        var found = (await store.ListAsync(session.Key, Cancel)).ShouldHaveSingleItem();
        found.ShouldBe(session with { Request = null });
        found.Pins(session.From!.Value, Samples.Now).ShouldBeTrue();
        (await store.ListAsync(Cancel).CountAsync(Cancel)).ShouldBe(1);

        (await store.TryReplaceAsync(found with { PositionSeconds = 60 }, Cancel)).ShouldBeTrue();
        var row = (await table.GetEntityAsync<TableEntity>(session.Key.Value, session.Id, cancellationToken: Cancel)).Value;
        (row.GetString("Quality"), row.GetDouble("PositionSeconds")).ShouldBe(("4320p", 60));
    }
}
