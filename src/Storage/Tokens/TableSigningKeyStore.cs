using System.Globalization;
using Azure;
using Azure.Data.Tables;
using HlsCache.Core.Tokens;

namespace HlsCache.Storage.Tokens;

/// <summary>Table <c>keys</c>: the signing keys, whose ids ascend.</summary>
internal sealed class TableSigningKeyStore(TableServiceClient service) : ISigningKeyStore
{
    public const string TableName = "keys";
    private const string Partition = "token";
    private const string Secret = "Secret";

    private readonly TableClient table = service.GetTableClient(TableName);

    public async Task<IReadOnlyList<SigningKey>> ReadOrCreateAsync(SigningKey candidate, CancellationToken cancellationToken)
    {
        var keys = await ReadAsync(cancellationToken);
        if (keys.Count > 0)
        {
            return keys;
        }

        try
        {
            await table.AddEntityAsync(
                new TableEntity(Partition, candidate.Id.ToString("D3", CultureInfo.InvariantCulture)) { [Secret] = candidate.Secret },
                cancellationToken);
        }
        catch (RequestFailedException e) when (e.IsConflict())
        {
            // Another instance was quicker; its key is the one.
        }

        return await ReadAsync(cancellationToken);
    }

    private async Task<List<SigningKey>> ReadAsync(CancellationToken cancellationToken) =>
        await table.QueryAsync<TableEntity>($"PartitionKey eq '{Partition}'", cancellationToken: cancellationToken)
            .Select(row => new SigningKey(byte.Parse(row.RowKey, CultureInfo.InvariantCulture), row.GetBinary(Secret)))
            .OrderByDescending(key => key.Id)
            .ToListAsync(cancellationToken);
}
