using Azure;
using Azure.Data.Tables;
using HlsCache.Core.Keys;
using HlsCache.Core.Sessions;

namespace HlsCache.Storage.Sessions;

/// <summary>Table <c>sessions</c>: the pins, one partition a key.</summary>
internal sealed class TableSessionStore(TableServiceClient service) : ISessionStore
{
    public const string TableName = "sessions";

    private readonly TableClient table = service.GetTableClient(TableName);

    public Task PutAsync(PlaySession session, CancellationToken cancellationToken) =>
        table.UpsertEntityAsync(Row(session), TableUpdateMode.Replace, cancellationToken);

    public async Task<bool> TryReplaceAsync(PlaySession session, CancellationToken cancellationToken)
    {
        try
        {
            // Merged: columns of a newer version stay.
            await table.UpdateEntityAsync(Row(session), ETag.All, TableUpdateMode.Merge, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.IsMissing())
        {
            return false;
        }
    }

    public async Task<PlaySession?> FindAsync(EntryKey key, string id, CancellationToken cancellationToken)
    {
        var found = await table.GetEntityIfExistsAsync<TableEntity>(key.Value, id, cancellationToken: cancellationToken);
        return found.HasValue ? Read(found.Value!) : null;
    }

    public async Task<IReadOnlyList<PlaySession>> ListAsync(EntryKey key, CancellationToken cancellationToken) =>
        await QueryAsync($"PartitionKey eq '{key}'", cancellationToken).ToListAsync(cancellationToken);

    public IAsyncEnumerable<PlaySession> ListAsync(CancellationToken cancellationToken) => QueryAsync(null, cancellationToken);

    public IAsyncEnumerable<PlaySession> ListAfterAsync(EntryKey key, CancellationToken cancellationToken) => QueryAsync($"PartitionKey gt '{key}'", cancellationToken);

    public async Task DeleteEndedAsync(EntryKey key, DateTimeOffset instant, CancellationToken cancellationToken)
    {
        await foreach (var row in table.QueryAsync<TableEntity>($"PartitionKey eq '{key}'", cancellationToken: cancellationToken))
        {
            if (row.GetDateTimeOffset(nameof(PlaySession.Expires)) <= instant)
            {
                try
                {
                    await table.DeleteEntityAsync(row, row.ETag, cancellationToken);
                }
                catch (RequestFailedException e) when (e.IsConflict() || e.IsMissing())
                {
                    // Renewed, or removed by another.
                }
            }
        }
    }

    public Task DeleteAsync(EntryKey key, string id, CancellationToken cancellationToken) =>
        table.DeleteEntityAsync(key.Value, id, cancellationToken: cancellationToken);

    private IAsyncEnumerable<PlaySession> QueryAsync(string? filter, CancellationToken cancellationToken) =>
        table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken).Select(Read).OfType<PlaySession>();

    private static PlaySession? Read(TableEntity row) =>
        EntryKey.Parse(row.PartitionKey) is { } key
            ? new(
                key,
                RequestColumns.Read(row),
                row.RowKey,
                Generation.Parse(row.GetString(nameof(PlaySession.From))),
                row.GetBoolean(nameof(PlaySession.Own)) ?? false,
                row.GetDateTimeOffset(nameof(PlaySession.Expires)) ?? default,
                row.GetDouble(nameof(PlaySession.PositionSeconds)) ?? 0)
            : null;

    private static TableEntity Row(PlaySession session)
    {
        var row = new TableEntity(session.Key.Value, session.Id)
        {
            [nameof(PlaySession.From)] = session.From?.Value,
            [nameof(PlaySession.Own)] = session.Own,
            [nameof(PlaySession.Expires)] = session.Expires,
            [nameof(PlaySession.PositionSeconds)] = session.PositionSeconds,
        };
        if (session.Request is { } request)
        {
            RequestColumns.Write(row, request);
        }

        return row;
    }
}
