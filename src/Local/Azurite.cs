namespace HlsCache.Local;

/// <summary>The storage emulator on ports of its own; its data outlives it.</summary>
internal sealed record Azurite(int BlobPort, int QueuePort, int TablePort)
{
    // The account and key that every storage emulator is published with.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
        + $"BlobEndpoint={Endpoint(BlobPort)};QueueEndpoint={Endpoint(QueuePort)};TableEndpoint={Endpoint(TablePort)};";

    public static Azurite OnFreePorts() => Ports.Free(3) is [var blob, var queue, var table] ? new(blob, queue, table) : throw new InvalidOperationException();

    public IReadOnlyList<string> Command(Installation installation, string data) =>
    [
        // The Azurite of a launcher that was killed may still be saving the same data: wait for it.
        "flock", "--no-fork", "--timeout", "15", Path.Combine(data, "azurite.lock"),
        "node", installation.Azurite,
        "--location", Path.Combine(data, "azurite"),
        "--silent", "--skipApiVersionCheck", "--disableTelemetry",
        // The default of 5 s closes pooled connections while a client is about to use them.
        "--blobHost", "127.0.0.1", "--blobPort", $"{BlobPort}", "--blobKeepAliveTimeout", "60",
        "--queueHost", "127.0.0.1", "--queuePort", $"{QueuePort}", "--queueKeepAliveTimeout", "60",
        "--tableHost", "127.0.0.1", "--tablePort", $"{TablePort}", "--tableKeepAliveTimeout", "60",
    ];

    public Task ListensAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(new[] { BlobPort, QueuePort, TablePort }.Select(p => Poll.UntilAsync(c => Ports.AcceptsAsync(p, c), cancellationToken)));

    private static string Endpoint(int port) => $"http://127.0.0.1:{port}/{Account}";
}
