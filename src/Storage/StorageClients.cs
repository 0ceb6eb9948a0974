using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Options;

namespace HlsCache.Storage;

/// <summary>Makes the clients of storage accounts: with the key of a connection string, or else with this process's identity.</summary>
/// <param name="identity">Asked only where an account is given by its name.</param>
/// <param name="transport">How requests are sent; null for the usual way.</param>
internal sealed class StorageClients(IOptions<StorageOptions> options, Func<TokenCredential> identity, HttpPipelineTransport? transport)
{
    // That of UserDelegationSas: a key is as new as the request for it.
    private const BlobClientOptions.ServiceVersion BlobVersion = BlobClientOptions.ServiceVersion.V2025_11_05;

    public BlobServiceClient Blobs() => options.Value.UsesIdentity
        ? Blobs(options.Value.AccountName!, options.Value.BlobEndpoint)
        : Blobs(options.Value.ConnectionString!);

    public TableServiceClient Tables() => options.Value.UsesIdentity
        ? new(Endpoint(options.Value.AccountName!, "table", options.Value.TableEndpoint), identity(), With(new TableClientOptions()))
        : new(options.Value.ConnectionString, With(new TableClientOptions()));

    public QueueServiceClient Queues() => options.Value.UsesIdentity
        ? new(Endpoint(options.Value.AccountName!, "queue", options.Value.QueueEndpoint), identity(), With(new QueueClientOptions()))
        : new(options.Value.ConnectionString, With(new QueueClientOptions()));

    /// <summary>Blobs of another account, by its connection string.</summary>
    public BlobServiceClient Blobs(string connectionString) => new(connectionString, With(new BlobClientOptions(BlobVersion)));

    /// <summary>Blobs of another account, in which this process's identity has a role.</summary>
    public BlobServiceClient Blobs(string account, string? endpoint) => new(Endpoint(account, "blob", endpoint), identity(), With(new BlobClientOptions(BlobVersion)));

    private static Uri Endpoint(string account, string service, string? endpoint) =>
        new(string.IsNullOrWhiteSpace(endpoint) ? $"https://{account}.{service}.core.windows.net" : endpoint);

    private T With<T>(T client)
        where T : ClientOptions
    {
        client.RetryPolicy = new PatientRetries();
        if (transport is not null)
        {
            client.Transport = transport;
        }

        return client;
    }
}
