using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;

namespace HlsCache.Storage.Entries;

/// <summary>Table <c>entries</c>: the key is the partition, so that a generation's row and the pointer to it change in one transaction.</summary>
internal sealed class TableEntryStore(TableServiceClient service) : IEntryStore
{
    public const string TableName = "entries";

    private readonly TableClient table = service.GetTableClient(TableName);

    public async Task<EntrySnapshot> ReadAsync(EntryKey key, CancellationToken cancellationToken)
    {
        var rows = await table.QueryAsync<TableEntity>($"PartitionKey eq '{key}'", cancellationToken: cancellationToken)
            .ToDictionaryAsync(r => r.RowKey, StringComparer.Ordinal, cancellationToken);
        if (!rows.TryGetValue(PointerRow.Name, out var row))
        {
            return new(null, null);
        }

        var pointer = PointerRow.Read(key, row, rows.Keys);
        return pointer.IsInForce && rows.TryGetValue(pointer.Generation.Value, out var current)
            ? new(pointer, EntryRow.Read(current)) { IsNewer = EntryRow.IsNewer(current) }
            : new(pointer, null);
    }

    public async Task<Entry?> FindAsync(GenerationId id, CancellationToken cancellationToken)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(id.Key.Value, id.Generation.Value, cancellationToken: cancellationToken);
        return row.HasValue ? EntryRow.Read(row.Value!) : null;
    }

    public async Task<Entry?> TryStartAsync(Entry entry, EntryPointer? replaced, CancellationToken cancellationToken)
    {
        var pointer = PointerRow.Write(new(entry.Id.Key, entry.Id.Generation, ""));
        TableTransactionAction[] actions =
        [
            new(TableTransactionActionType.Add, EntryRow.Write(entry)),
            replaced is null
                ? new(TableTransactionActionType.Add, pointer)
                : new(TableTransactionActionType.UpdateReplace, pointer, new ETag(replaced.Version)),
        ];
        try
        {
            var responses = await table.SubmitTransactionAsync(actions, cancellationToken);
            return entry with { Version = responses.Value[0].Headers.ETag?.ToString() ?? "" };
        }
        catch (RequestFailedException e) when (e.IsConflict() || e.IsMissing())
        {
            // A retry inside the client finds its own first try: the generation's random part tells it from another's.
            return await FindAsync(entry.Id, cancellationToken);
        }
    }

    public async Task<Entry?> TryUpdateAsync(Entry entry, CancellationToken cancellationToken)
    {
        try
        {
            var response = await table.UpdateEntityAsync(EntryRow.Write(entry), new ETag(entry.Version), TableUpdateMode.Replace, cancellationToken);
            return entry with { Version = response.Headers.ETag?.ToString() ?? "" };
        }
        catch (RequestFailedException e) when (e.IsConflict() || e.IsMissing())
        {
            return null;
        }
    }

    public Task<bool> TryDeleteAsync(Entry entry, CancellationToken cancellationToken) =>
        TryAsync(() => table.DeleteEntityAsync(entry.Id.Key.Value, entry.Id.Generation.Value, new ETag(entry.Version), cancellationToken));

    public Task<bool> TryPointAsync(EntryPointer pointer, CancellationToken cancellationToken) =>
        TryAsync(() => table.UpdateEntityAsync(PointerRow.Write(pointer), new ETag(pointer.Version), TableUpdateMode.Replace, cancellationToken));

    public Task<bool> TryDeleteAsync(EntryPointer pointer, CancellationToken cancellationToken) =>
        TryAsync(() => table.DeleteEntityAsync(pointer.Key.Value, PointerRow.Name, new ETag(pointer.Version), cancellationToken));

    public async Task<KeyRows?> ReadAllAsync(EntryKey key, CancellationToken cancellationToken) =>
        await QueryAsync($"PartitionKey eq '{key}'", cancellationToken).FirstOrDefaultAsync(cancellationToken);

    public IAsyncEnumerable<KeyRows> ListAsync(CancellationToken cancellationToken) => QueryAsync(null, cancellationToken);

    public IAsyncEnumerable<KeyRows> ListAfterAsync(EntryKey key, CancellationToken cancellationToken) => QueryAsync($"PartitionKey gt '{key}'", cancellationToken);

    private async IAsyncEnumerable<KeyRows> QueryAsync(string? filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = new List<TableEntity>();
        // The service sorts by partition and row.
        await foreach (var row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            if (rows.Count > 0 && row.PartitionKey != rows[0].PartitionKey)
            {
                if (Group(rows) is { } group)
                {
                    yield return group;
                }

                rows.Clear();
            }

            rows.Add(row);
        }

        if (rows.Count > 0 && Group(rows) is { } last)
        {
            yield return last;
        }
    }

    private static KeyRows? Group(List<TableEntity> rows)
    {
        if (EntryKey.Parse(rows[0].PartitionKey) is not { } key)
        {
            return null;
        }

        var generations = rows.Where(r => r.RowKey != PointerRow.Name).Select(EntryRow.Read).ToList();
        var pointer = rows.Find(r => r.RowKey == PointerRow.Name);
        return new(key, pointer is null ? null : PointerRow.Read(key, pointer, rows.Select(r => r.RowKey)), [.. generations.OfType<Entry>()], generations.Contains(null));
    }

    /// <summary>Whether the service took a conditional write; a refusal means that another was quicker.</summary>
    private static async Task<bool> TryAsync(Func<Task<Response>> write)
    {
        try
        {
            return (await write()).Status != 404;
        }
        catch (RequestFailedException e) when (e.IsConflict() || e.IsMissing())
        {
            return false;
        }
    }
}
