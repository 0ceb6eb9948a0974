using Azure;
using Azure.Data.Tables;
using HlsCache.Core.Tokens;

namespace HlsCache.Storage.Tokens;

/// <summary>Table <c>keys</c>: the signing keys, whose ids ascend. The first has a row of a fixed name, so that there is one first key.</summary>
internal sealed class TableSigningKeyStore(TableServiceClient service) : ISigningKeyStore
{
    public const string TableName = "keys";
    private const string Partition = "token";
    private const string FirstRow = "first";

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
                new TableEntity(Partition, FirstRow) { [nameof(SigningKey.Id)] = (int)candidate.Id, [nameof(SigningKey.Secret)] = candidate.Secret },
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
            .Select(row => new SigningKey((byte)row.GetInt32(nameof(SigningKey.Id))!, row.GetBinary(nameof(SigningKey.Secret))))
            .OrderByDescending(key => key.Id)
            .ToListAsync(cancellationToken);
}
