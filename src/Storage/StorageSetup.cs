using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using HlsCache.Core.Lifecycle;
using HlsCache.Storage.Entries;
using HlsCache.Storage.Queues;
using HlsCache.Storage.Sessions;
using HlsCache.Storage.Stats;
using HlsCache.Storage.Tokens;
using HlsCache.Storage.Work;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage;

/// <summary>Makes what must exist before the first play: tables, queues, and the blob service's CORS rule.</summary>
public sealed class StorageSetup(TableServiceClient tables, QueueServiceClient queues, BlobServiceClient blobs, ITableMarks marks, IOptions<QueueOptions> queue)
{
    /// <exception cref="OptionsValidationException">The account is in use by another deployment.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        string[] names = [TableEntryStore.TableName, TableSessionStore.TableName, TableWorkStore.TableName, TableStatsStore.TableName, TableSigningKeyStore.TableName];
        await Task.WhenAll(
        [
            .. names.Select(name => tables.CreateTableIfNotExistsAsync(name, cancellationToken)),
            queues.GetQueueClient(queue.Value.Name).CreateIfNotExistsAsync(cancellationToken: cancellationToken),
            queues.GetQueueClient(StorageJobQueue.PoisonName(queue.Value)).CreateIfNotExistsAsync(cancellationToken: cancellationToken),
            AllowPlayersAsync(cancellationToken),
        ]);
        // Whose they are; they are marked by whoever knows what a missing mark means.
        await marks.AreThereAsync(cancellationToken);
    }

    /// <summary>What does not answer, each as a sentence; nothing when all is well.</summary>
    public async IAsyncEnumerable<string> CheckAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (string Name, Func<Task> Ask)[] services =
        [
            ("table", () => tables.GetPropertiesAsync(cancellationToken)),
            ("blob", () => blobs.GetPropertiesAsync(cancellationToken)),
            ("queue", () => queues.GetPropertiesAsync(cancellationToken)),
        ];
        var asked = services.Select(s => (s.Name, Answer: TryAsync(s.Ask))).ToList();
        foreach (var (name, answer) in asked)
        {
            if (await answer is { } cause)
            {
                yield return $"The {name} service does not answer: {cause}";
            }
        }
    }

    private static async Task<string?> TryAsync(Func<Task> ask)
    {
        try
        {
            await ask();
            return null;
        }
        catch (OperationCanceledException)
        {
            return "it took too long.";
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException)
        {
            return e.Message.Split('\n')[0];
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
