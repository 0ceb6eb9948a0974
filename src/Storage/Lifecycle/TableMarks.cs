using Azure;
using Azure.Data.Tables;
using HlsCache.Core.Lifecycle;
using HlsCache.Storage.Entries;
using HlsCache.Storage.Sessions;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage.Lifecycle;

/// <summary>One row in each table, in a partition that no key can have. It says whose the tables are, which are not named after the deployment as containers are.</summary>
internal sealed class TableMarks(TableServiceClient service, IOptions<CacheOptions> options) : ITableMarks
{
    private const string Partition = "deployment";
    private const string Row = "mark";

    private readonly TableClient[] tables = [service.GetTableClient(TableEntryStore.TableName), service.GetTableClient(TableSessionStore.TableName)];

    /// <exception cref="OptionsValidationException">The tables are another deployment's: both would take the other's rows for their own.</exception>
    public async Task<bool> AreThereAsync(CancellationToken cancellationToken)
    {
        var marks = await Task.WhenAll(tables.Select(t => t.GetEntityIfExistsAsync<TableEntity>(Partition, Row, cancellationToken: cancellationToken)));
        var other = marks.Where(m => m.HasValue).Select(m => m.Value!.GetString(nameof(CacheOptions.ContainerPrefix))).FirstOrDefault(p => p != options.Value.ContainerPrefix);
        return other is null ? marks.All(m => m.HasValue) : throw new OptionsValidationException(CacheOptions.Section, typeof(CacheOptions),
            [$"HlsCache__ContainerPrefix is {options.Value.ContainerPrefix}, but the storage account {service.AccountName} is in use with {other}: set it to that, or give this deployment an account of its own."]);
    }

    public async Task PlaceAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(tables.Select(t => PlaceAsync(t, cancellationToken)));
        // Of two deployments that start at the same instant, one finds the other's.
        await AreThereAsync(cancellationToken);
    }

    private async Task PlaceAsync(TableClient table, CancellationToken cancellationToken)
    {
        await table.CreateIfNotExistsAsync(cancellationToken);
        try
        {
            await table.AddEntityAsync(new TableEntity(Partition, Row) { [nameof(CacheOptions.ContainerPrefix)] = options.Value.ContainerPrefix }, cancellationToken);
        }
        catch (RequestFailedException e) when (e.IsConflict())
        {
            // It has one.
        }
    }
}
