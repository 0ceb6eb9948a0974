using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace HlsCache.Testing.Azurite;

/// <summary>
/// A real Azurite on free ports, in memory. It knows many accounts, so that every test can have one of its own and none sees another's blobs,
/// rows or messages.
/// </summary>
public sealed partial class AzuriteServer : IAsyncDisposable
{
    private const int Accounts = 400;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly string key;
    private readonly Dictionary<string, int> ports;
    private readonly string scheme;
    private int taken;

    private AzuriteServer(Process process, string key, Dictionary<string, int> ports, string scheme) =>
        (this.process, this.key, this.ports, this.scheme) = (process, key, ports, scheme);

    /// <param name="more">Further arguments.</param>
    public static async Task<AzuriteServer> StartAsync(CancellationToken cancellationToken, params IReadOnlyList<string> more)
    {
        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
        var start = new ProcessStartInfo("node")
        {
            ArgumentList =
            {
                Repository.Path("node_modules/azurite/dist/src/azurite.js"),
                "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry", "--silent",
                "--blobPort", "0", "--queuePort", "0", "--tablePort", "0",
                "--blobKeepAliveTimeout", "60", "--queueKeepAliveTimeout", "60", "--tableKeepAliveTimeout", "60",
            },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["AZURITE_ACCOUNTS"] = string.Join(';', Enumerable.Range(0, Accounts).Select(i => $"{Name(i)}:{key}")) },
        };
        foreach (var argument in more)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start)!;
        try
        {
            return new(process, key, await PortsAsync(process, cancellationToken), more.Contains("--cert", StringComparer.Ordinal) ? "https" : "http");
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task<Dictionary<string, int>> PortsAsync(Process process, CancellationToken cancellationToken)
    {
        var ports = new Dictionary<string, int>(StringComparer.Ordinal);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (ports.Count < 3)
        {
            var line = await process.StandardOutput.ReadLineAsync(limit.Token)
                ?? throw new InvalidOperationException($"Azurite did not start: {await process.StandardError.ReadToEndAsync(limit.Token)}");
            if (Listening().Match(line) is { Success: true } match)
            {
                ports[match.Groups["service"].Value] = int.Parse(match.Groups["port"].Value, CultureInfo.InvariantCulture);
            }
        }

        // A full pipe would stop it.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        return ports;
    }

    /// <summary>The connection string of an account that no other test has.</summary>
    public string NewAccount()
    {
        var name = NewName();
        string Address(string service) => Endpoint(service, name);
        return $"DefaultEndpointsProtocol={scheme};AccountName={name};AccountKey={key};BlobEndpoint={Address("Blob")};QueueEndpoint={Address("Queue")};TableEndpoint={Address("Table")};";
    }

    /// <summary>An account that no other test has.</summary>
    public string NewName() => Name(Interlocked.Increment(ref taken) - 1);

    /// <summary>Where a service of an account is.</summary>
    public string Endpoint(string service, string account) => $"{scheme}://127.0.0.1:{ports[service]}/{account}";

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static string Name(int index) => $"account{index}";

    [GeneratedRegex(@"Azurite (?<service>\w+) service.* listening (?:at|on) https?://127\.0\.0\.1:(?<port>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();
}
