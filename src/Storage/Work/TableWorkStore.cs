using Azure.Data.Tables;
using HlsCache.Core.Entries;
using HlsCache.Core.Segments;
using HlsCache.Core.Work;

namespace HlsCache.Storage.Work;

/// <summary>Table <c>work</c>: one partition a generation, one row a worker.</summary>
internal sealed class TableWorkStore(TableServiceClient service) : IWorkStore
{
    public const string TableName = "work";

    private readonly TableClient table = service.GetTableClient(TableName);

    public Task PutAsync(WorkReport report, CancellationToken cancellationToken) =>
        table.UpsertEntityAsync(
            new TableEntity(report.Id.ToString(), report.Worker)
            {
                [nameof(WorkReport.Heartbeat)] = report.Heartbeat,
                [nameof(WorkReport.Speed)] = report.Speed,
                [nameof(ReadySet.VideoInit)] = report.Ready.VideoInit,
                [nameof(ReadySet.Video)] = report.Ready.Video.ToString(),
                [nameof(ReadySet.AudioInit)] = report.Ready.AudioInit,
                [nameof(ReadySet.Audio)] = report.Ready.Audio.ToString(),
                [nameof(ReadySet.Subtitles)] = report.Ready.Subtitles.ToString(),
            },
            TableUpdateMode.Replace,
            cancellationToken);

    public async Task<IReadOnlyList<WorkReport>> ReadAsync(GenerationId id, CancellationToken cancellationToken) =>
        await table.QueryAsync<TableEntity>($"PartitionKey eq '{id}'", cancellationToken: cancellationToken)
            .Select(row => new WorkReport(
                id,
                row.RowKey,
                row.GetDateTimeOffset(nameof(WorkReport.Heartbeat)) ?? default,
                row.GetDouble(nameof(WorkReport.Speed)) ?? 0,
                new(
                    row.GetBoolean(nameof(ReadySet.VideoInit)) ?? false,
                    Indexes(row, nameof(ReadySet.Video)),
                    row.GetBoolean(nameof(ReadySet.AudioInit)) ?? false,
                    Indexes(row, nameof(ReadySet.Audio)),
                    Indexes(row, nameof(ReadySet.Subtitles)))))
            .ToListAsync(cancellationToken);

    public Task DeleteAsync(GenerationId id, string worker, CancellationToken cancellationToken) =>
        table.DeleteEntityAsync(id.ToString(), worker, cancellationToken: cancellationToken);

    public async Task DeleteAsync(GenerationId id, CancellationToken cancellationToken)
    {
        await foreach (var row in table.QueryAsync<TableEntity>($"PartitionKey eq '{id}'", select: [nameof(TableEntity.RowKey)], cancellationToken: cancellationToken))
        {
            await DeleteAsync(id, row.RowKey, cancellationToken);
        }
    }

    private static IndexSet Indexes(TableEntity row, string name) => IndexSet.Parse(row.GetString(name)) ?? IndexSet.Empty;
}
