using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Azure;
using Azure.Storage.Blobs;
using HlsCache.Testing;

namespace HlsCache.Local.Tests;

/// <summary><c>./run</c> from start to end, with all its children.</summary>
public sealed class RunTests : IDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    // A process that was killed closes its output, for which the launcher waits, an instant before it is gone.
    private static readonly TimeSpan Dying = TimeSpan.FromSeconds(1);

    private readonly string data = Directory.CreateTempSubdirectory("hls-cache-run-").FullName;
    private readonly HttpClient client = new();

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task It_serves_until_it_is_told_to_stop_and_leaves_no_child(string signal)
    {
        var port = Ports.Free(1)[0];
        await using var run = RunningLauncher.Start("--port", $"{port}", "--data", data);
        await run.ReadyAsync();
        run.Output.Split('\n').ShouldContain(line => line == $"Ready: http://127.0.0.1:{port}/player");
        (await StatusAsync(port, "player")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(port, "api/health")).ShouldBe(HttpStatusCode.OK);
        var children = run.Descendants();
        // A guard and what it watches, of the storage, the app and the encoder.
        children.Count.ShouldBeGreaterThanOrEqualTo(6);
        await RefusesPublishedKeyAsync(children);

        run.Signal(signal);
        (await run.ExitAsync(StopLimit)).ShouldBe(0, run.Output);
        await GoneAsync(children, Dying);
    }

    [Fact]
    public async Task A_child_that_dies_ends_the_others_and_is_named()
    {
        await using var run = RunningLauncher.Start("--port", $"{Ports.Free(1)[0]}", "--data", data);
        await run.ReadyAsync();
        var children = run.Descendants();
        var encoder = children.Single(id => CommandLine(id) == Repository.Path("artifacts/bin/HlsCache.Encoder/release/HlsCache.Encoder"));

        RunningLauncher.Signal(encoder, "KILL");
        (await run.ExitAsync(StopLimit)).ShouldBe(1, run.Output);
        run.Output.ShouldContain("run: encoder-1 ended unexpectedly with exit code 137.");
        await GoneAsync(children, Dying);
    }

    [Fact]
    public async Task Children_do_not_outlive_a_launcher_that_is_killed()
    {
        await using var run = RunningLauncher.Start("--port", $"{Ports.Free(1)[0]}", "--data", data);
        await run.ReadyAsync();
        var children = run.Descendants();

        run.Signal("KILL");
        await GoneAsync(children, StopLimit);
    }

    [Fact]
    public async Task A_port_in_use_is_told_and_nothing_is_started()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        (await FailAsync("--port", $"{port}", "--data", data)).ShouldBe((1, $"run: Port {port} is already in use; choose another one with --port."));
        Directory.Exists(Path.Combine(data, "azurite")).ShouldBeFalse();
    }

    [Fact]
    public async Task Data_in_use_by_another_is_told()
    {
        using var @lock = DataLock.Take(data).ShouldNotBeNull();
        (await FailAsync("--port", $"{Ports.Free(1)[0]}", "--data", data))
            .ShouldBe((1, $"run: Another ./run is using {data}; stop it or choose another --data."));
    }

    [Fact]
    public async Task A_media_directory_that_does_not_exist_is_told() =>
        (await FailAsync("--media", "/no/such/films", "--data", data)).ShouldBe((1, "run: The media directory /no/such/films does not exist."));

    [Fact]
    public async Task An_option_that_does_not_exist_is_told() =>
        (await FailAsync("--prot", "80")).ShouldBe((2, "run: --prot is not an option; ./run --help lists them."));

    [Fact]
    public async Task The_script_explains_itself_without_starting_anything()
    {
        using var help = Process.Start(new ProcessStartInfo(Repository.Path("run"), ["--help"]) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var text = await help.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await help.WaitForExitAsync(TestContext.Current.CancellationToken);
        help.ExitCode.ShouldBe(0);
        text.ShouldStartWith("Usage: ./run [--port 7071] [--media DIR] [--data DIR] [--encoders N]");
    }

    public void Dispose()
    {
        client.Dispose();
        Directory.Delete(data, recursive: true);
    }

    private static async Task<(int Code, string Sentence)> FailAsync(params string[] arguments)
    {
        await using var run = RunningLauncher.Start(arguments);
        return (await run.ExitAsync(StopLimit), run.Output);
    }

    private static async Task GoneAsync(IReadOnlyList<int> processes, TimeSpan limit)
    {
        var start = Stopwatch.GetTimestamp();
        while (processes.Any(RunningLauncher.Runs) && Stopwatch.GetElapsedTime(start) < limit)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        processes.Where(RunningLauncher.Runs).ShouldBeEmpty();
    }

    // What every storage emulator is published with, and any page or user of this machine could try.
    private static async Task RefusesPublishedKeyAsync(IReadOnlyList<int> children)
    {
        const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
        var words = children.Select(id => CommandLine(id).Split('\0')).First(words => words.Contains("--blobPort", StringComparer.Ordinal));
        var service = new BlobServiceClient(
            $"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey={Key};BlobEndpoint=http://127.0.0.1:{words[Array.IndexOf(words, "--blobPort") + 1]}/devstoreaccount1");
        (await Should.ThrowAsync<RequestFailedException>(() => service.GetPropertiesAsync(TestContext.Current.CancellationToken))).Status.ShouldBe(403);
    }

    private static string CommandLine(int id) => File.ReadAllText($"/proc/{id}/cmdline").TrimEnd('\0');

    private async Task<HttpStatusCode> StatusAsync(int port, string path)
    {
        using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{port}/{path}"), TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
