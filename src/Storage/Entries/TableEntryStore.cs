using Azure;
using Azure.Data.Tables;
using HlsCache.Core.Entries;
using HlsCache.Core.Keys;

namespace HlsCache.Storage.Entries;

/// <summary>Table <c>entries</c>: the key is the partition, so that a generation's row and the pointer to it change in one transaction.</summary>
internal sealed class TableEntryStore(TableServiceClient service) : IEntryStore
{
    public const string TableName = "entries";
    private const string PointerRow = "current";
    private const string PointerTarget = "Generation";

    private readonly TableClient table = service.GetTableClient(TableName);

    public async Task<EntrySnapshot> ReadAsync(EntryKey key, CancellationToken cancellationToken)
    {
        var rows = await table.QueryAsync<TableEntity>($"PartitionKey eq '{key}'", cancellationToken: cancellationToken)
            .ToDictionaryAsync(r => r.RowKey, StringComparer.Ordinal, cancellationToken);
        if (!rows.TryGetValue(PointerRow, out var row))
        {
            return new(null, null);
        }

        // One that cannot be read must be there to be replaced, or the key could never be played again. It was written with the newest row.
        var generation = Generation.Parse(row[PointerTarget] as string) ?? rows.Keys.Select(Generation.Parse).Max() ?? Generation.First;
        var pointer = new EntryPointer(key, generation, row.ETag.ToString());
        return new(pointer, rows.TryGetValue(generation.Value, out var current) ? EntryRow.Read(current) : null);
    }

    public async Task<Entry?> FindAsync(GenerationId id, CancellationToken cancellationToken)
    {
        var row = await table.GetEntityIfExistsAsync<TableEntity>(id.Key.Value, id.Generation.Value, cancellationToken: cancellationToken);
        return row.HasValue ? EntryRow.Read(row.Value!) : null;
    }

    public async Task<Entry?> TryStartAsync(Entry entry, EntryPointer? replaced, CancellationToken cancellationToken)
    {
        var pointer = new TableEntity(entry.Id.Key.Value, PointerRow) { [PointerTarget] = entry.Id.Generation.Value };
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
}
