using System.Globalization;
using Azure;
using Azure.Data.Tables;
using HlsCache.Core.Stats;

namespace HlsCache.Storage.Stats;

/// <summary>Table <c>stats</c>: one partition a day, one row an instance, and one of a fixed name for the total of a day that ended.</summary>
internal sealed class TableStatsStore(TableServiceClient service) : IStatsStore
{
    public const string TableName = "stats";
    private const string TotalRow = "total";
    private const string DayFormat = "yyyy-MM-dd";

    private readonly TableClient table = service.GetTableClient(TableName);

    public Task PutAsync(InstanceDay counted, CancellationToken cancellationToken) =>
        table.UpsertEntityAsync(Row(counted.Day, counted.Instance, counted.Counts), TableUpdateMode.Replace, cancellationToken);

    public async Task<StatsHistory> ReadAsync(DateOnly from, CancellationToken cancellationToken)
    {
        var (instances, totals) = (new List<InstanceDay>(), new List<DayTotal>());
        await foreach (var row in table.QueryAsync<TableEntity>($"PartitionKey ge '{Partition(from)}'", cancellationToken: cancellationToken))
        {
            if (!DateOnly.TryParseExact(row.PartitionKey, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            {
                continue;
            }

            var counts = new PlayCounts(row.GetInt64(nameof(PlayCounts.Hits)) ?? 0, row.GetInt64(nameof(PlayCounts.Misses)) ?? 0);
            if (row.RowKey == TotalRow)
            {
                totals.Add(new(day, counts, row.GetInt32(nameof(DayTotal.Entries)) ?? 0, row.GetInt64(nameof(DayTotal.Bytes)) ?? 0));
            }
            else
            {
                instances.Add(new(day, row.RowKey, counts));
            }
        }

        return new(instances, totals);
    }

    public async Task<bool> TryCloseAsync(DayTotal total, CancellationToken cancellationToken)
    {
        var row = Row(total.Day, TotalRow, total.Counts);
        row[nameof(DayTotal.Entries)] = total.Entries;
        row[nameof(DayTotal.Bytes)] = total.Bytes;
        try
        {
            await table.AddEntityAsync(row, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.IsConflict())
        {
            return false;
        }
    }

    private static TableEntity Row(DateOnly day, string name, PlayCounts counts) => new(Partition(day), name)
    {
        [nameof(PlayCounts.Hits)] = counts.Hits,
        [nameof(PlayCounts.Misses)] = counts.Misses,
    };

    private static string Partition(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);
}
