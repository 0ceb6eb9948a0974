using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Segments;
using HlsCache.Storage.Entries;
using HlsCache.Storage.Queues;
using HlsCache.Storage.Sessions;
using HlsCache.Storage.Stats;
using HlsCache.Storage.Tokens;
using HlsCache.Storage.Work;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage;

/// <summary>Makes what must exist before the first play: tables, queues, and the blob service's CORS rule.</summary>
public sealed partial class StorageSetup(
    TableServiceClient tables, BlobServiceClient blobs, IQueueSetup queue, ISegmentUrls urls, ITableMarks marks, ILogger<StorageSetup> logger) : IStorageSetup
{
    /// <exception cref="OptionsValidationException">The account is in use by another deployment.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string[] names = [TableEntryStore.TableName, TableSessionStore.TableName, TableWorkStore.TableName, TableStatsStore.TableName, TableSigningKeyStore.TableName];
        await Task.WhenAll(
        [
            .. names.Select(name => tables.CreateTableIfNotExistsAsync(name, cancellationToken)),
            queue.RunAsync(cancellationToken),
            AllowPlayersAsync(cancellationToken),
        ]);
        // Whose they are; they are marked by whoever knows what a missing mark means.
        await marks.AreThereAsync(cancellationToken);
    }

    /// <summary>The same for a program that cannot do without; false when storage keeps it from starting, which is logged as a sentence.</summary>
    public async Task<bool> TryRunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(cancellationToken);
            return true;
        }
        catch (Exception e) when (StorageFaults.IsUnavailable(e))
        {
            Log.CannotStart(logger, StorageFaults.Explain(e));
            return false;
        }
    }

    /// <summary>What does not answer, each as a sentence; nothing when all is well.</summary>
    public async IAsyncEnumerable<string> CheckAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var once = PatientRetries.Once();
        List<Task<string?>> checks =
        [
            ServiceCheck.AskAsync("table", "Storage Table Data Contributor", tables.QueryAsync(maxPerPage: 1, cancellationToken: cancellationToken)),
            ServiceCheck.AskAsync("blob", "Storage Blob Data Contributor", blobs.GetBlobContainersAsync(cancellationToken: cancellationToken)),
            queue.CheckAsync(cancellationToken),
            ServiceCheck.AskAsync("signing", "Storage Blob Delegator", () => urls.PrepareAsync(cancellationToken)),
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
        try
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
        catch (RequestFailedException e) when (e.Status == 403)
        {
            // No role of an identity that may only touch data allows it.
            Log.NoCors(logger, e.ErrorCode);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "Storage could not be made ready, so this program ends: {Cause}")]
        public static partial void CannotStart(ILogger logger, string cause);

        [LoggerMessage(LogLevel.Information, "The blob service's CORS rules may not be looked at ({Code}): whoever set up the account must have allowed GET to any origin.")]
        public static partial void NoCors(ILogger logger, string? code);
    }
}
