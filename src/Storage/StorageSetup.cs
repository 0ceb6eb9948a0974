using System.Runtime.CompilerServices;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using HlsCache.Storage.Entries;
using HlsCache.Storage.Queues;
using HlsCache.Storage.Sessions;
using HlsCache.Storage.Stats;
using HlsCache.Storage.Tokens;
using HlsCache.Storage.Work;

namespace HlsCache.Storage;

/// <summary>Makes what must exist before the first play: tables, queues, and the blob service's CORS rule.</summary>
public sealed class StorageSetup(TableServiceClient tables, BlobServiceClient blobs, IQueueSetup queue)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string[] names = [TableEntryStore.TableName, TableSessionStore.TableName, TableWorkStore.TableName, TableStatsStore.TableName, TableSigningKeyStore.TableName];
        await Task.WhenAll(
        [
            .. names.Select(name => tables.CreateTableIfNotExistsAsync(name, cancellationToken)),
            queue.RunAsync(cancellationToken),
            AllowPlayersAsync(cancellationToken),
        ]);
    }

    /// <summary>What does not answer, each as a sentence; nothing when all is well.</summary>
    public async IAsyncEnumerable<string> CheckAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<Task<string?>> checks =
        [
            ServiceCheck.AskAsync("table", () => tables.GetPropertiesAsync(cancellationToken)),
            ServiceCheck.AskAsync("blob", () => blobs.GetPropertiesAsync(cancellationToken)),
            queue.CheckAsync(cancellationToken),
        ];
        foreach (var check in checks)
        {
            if (await check is { } fault)
            {
                yield return fault;
            }
        }
    }

    // The signature is the credential, and a redirect makes the origin null, so any origin may fetch.
    private async Task AllowPlayersAsync(CancellationToken cancellationToken)
    {
        BlobServiceProperties properties = await blobs.GetPropertiesAsync(cancellationToken);
        if (properties.Cors.Any(rule => rule.AllowedOrigins == "*"))
        {
            return;
        }

        properties.Cors.Add(new()
        {
            AllowedOrigins = "*",
            AllowedMethods = "GET,HEAD,OPTIONS",
            AllowedHeaders = "range,x-ms-*,if-none-match",
            ExposedHeaders = "content-length,content-range,accept-ranges,etag",
            MaxAgeInSeconds = 86400,
        });
        await blobs.SetPropertiesAsync(properties, cancellationToken);
    }
}
