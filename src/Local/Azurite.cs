namespace HlsCache.Local;

/// <summary>The storage emulator on ports of its own; its data outlives it.</summary>
internal sealed class Azurite(string data)
{
    // Its data are kept by the account's name, whatever the key.
    private const string Account = "devstoreaccount1";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly string key = AccountKey.Provide(data);
    private readonly IReadOnlyList<int> ports = Ports.Free(3);

    public (string Name, string Value) Accounts => ("AZURITE_ACCOUNTS", $"{Account}:{key}");

    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={key};"
        + $"BlobEndpoint={Endpoint(BlobPort)};QueueEndpoint={Endpoint(QueuePort)};TableEndpoint={Endpoint(TablePort)};";

    private int BlobPort => ports[0];

    private int QueuePort => ports[1];

    private int TablePort => ports[2];

    public IReadOnlyList<string> Command(Installation installation) =>
    [
        // The Azurite of a launcher that was killed may still be saving the same data: wait for it.
        "flock", "--no-fork", "--timeout", "15", Path.Combine(data, "azurite.lock"),
        "node", installation.Azurite,
        "--location", Private(Path.Combine(data, "azurite")),
        "--silent", "--skipApiVersionCheck", "--disableTelemetry",
        // The default of 5 s closes pooled connections while a client is about to use them.
        "--blobHost", "127.0.0.1", "--blobPort", $"{BlobPort}", "--blobKeepAliveTimeout", "60",
        "--queueHost", "127.0.0.1", "--queuePort", $"{QueuePort}", "--queueKeepAliveTimeout", "60",
        "--tableHost", "127.0.0.1", "--tablePort", $"{TablePort}", "--tableKeepAliveTimeout", "60",
    ];

    public Task ListensAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(new[] { BlobPort, QueuePort, TablePort }.Select(p => Poll.UntilAsync(c => Ports.AcceptsAsync(p, c), cancellationToken)));

    // The key that signs links is in there.
    private static string Private(string directory)
    {
        Directory.CreateDirectory(directory, OwnerOnly);
        File.SetUnixFileMode(directory, OwnerOnly);
        return directory;
    }

    private static string Endpoint(int port) => $"http://127.0.0.1:{port}/{Account}";
}
