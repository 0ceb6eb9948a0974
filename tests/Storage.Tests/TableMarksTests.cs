using Azure.Data.Tables;
using HlsCache.Core.Entries;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Sessions;
using HlsCache.Testing.Azurite;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Tests;

/// <summary>What the marks show of a table's fate, and of whose it is.</summary>
public sealed class TableMarksTests(AzuriteFixture azurite) : IAsyncDisposable
{
    private readonly string account = azurite.Server.NewAccount();
    private StorageHost storage = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await storage.DisposeAsync();

    [Theory]
    [InlineData("entries")]
    [InlineData("sessions")]
    public async Task Whoever_empties_one_of_the_tables_takes_its_mark(string name)
    {
        var (marks, table) = await PlaceAsync(name);
        await foreach (var row in table.QueryAsync<TableEntity>(cancellationToken: Cancel))
        {
            await table.DeleteEntityAsync(row, cancellationToken: Cancel);
        }

        (await marks.AreThereAsync(Cancel)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("entries")]
    [InlineData("sessions")]
    public async Task A_table_that_was_deleted_has_none_and_is_made_again_with_one(string name)
    {
        var (marks, table) = await PlaceAsync(name);
        await table.DeleteAsync(Cancel);
        (await marks.AreThereAsync(Cancel)).ShouldBeFalse();
        await marks.PlaceAsync(Cancel);
        (await marks.AreThereAsync(Cancel)).ShouldBeTrue();
        (await table.QueryAsync<TableEntity>(cancellationToken: Cancel).CountAsync(Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task A_mark_is_neither_an_entry_nor_a_session()
    {
        await PlaceAsync("entries");
        (await storage.Get<IEntryStore>().ListAsync(Cancel).CountAsync(Cancel)).ShouldBe(0);
        (await storage.Get<ISessionStore>().ListAsync(Cancel).CountAsync(Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task An_account_that_another_deployment_uses_is_refused()
    {
        await PlaceAsync("entries");
        await using var other = new StorageHost(account, settings: ("HlsCache:ContainerPrefix", "other"));
        var refusal = await Should.ThrowAsync<OptionsValidationException>(() => other.Get<StorageSetup>().RunAsync(Cancel));
        refusal.Message.ShouldStartWith("HlsCache__ContainerPrefix is other, but the storage account ");
        refusal.Message.ShouldEndWith(" is in use with hls: set it to that, or give this deployment an account of its own.");
        await Should.ThrowAsync<OptionsValidationException>(() => other.Get<ITableMarks>().PlaceAsync(Cancel));
        await storage.Get<StorageSetup>().RunAsync(Cancel);
    }

    [Fact]
    public async Task Of_two_deployments_that_start_at_once_the_one_that_is_late_at_the_first_table_marks_no_other()
    {
        var (marks, sessions) = await PlaceAsync("sessions");
        await sessions.DeleteEntityAsync("deployment", "mark", cancellationToken: Cancel);
        await using var late = new StorageHost(account, settings: ("HlsCache:ContainerPrefix", "other"));

        await Should.ThrowAsync<OptionsValidationException>(() => late.Get<ITableMarks>().PlaceAsync(Cancel));

        (await sessions.QueryAsync<TableEntity>(cancellationToken: Cancel).CountAsync(Cancel)).ShouldBe(0);
        await marks.PlaceAsync(Cancel);
        (await marks.AreThereAsync(Cancel)).ShouldBeTrue();
    }

    private async Task<(ITableMarks Marks, TableClient Table)> PlaceAsync(string name)
    {
        storage = new(account);
        var marks = await storage.SetUpAsync<ITableMarks>();
        await marks.PlaceAsync(Cancel);
        return (marks, storage.Get<TableServiceClient>().GetTableClient(name));
    }
}
