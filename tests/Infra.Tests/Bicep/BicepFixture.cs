using System.Reflection;
using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using HlsCache.Testing;

namespace HlsCache.Infra.Tests.Bicep;

/// <summary>The templates, compiled once by the real compiler, and what they come to with parameters of three kinds.</summary>
public sealed class BicepFixture : IAsyncLifetime
{
    private static readonly string Compiler = typeof(BicepFixture).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "BicepPath").Value!.Replace('\\', '/');

    private readonly string home = Directory.CreateTempSubdirectory("hlscache-bicep-").FullName;

    /// <summary>A copy of <c>infra/bicep</c>.</summary>
    public string Folder => Path.Join(home, "infra");

    /// <summary>The compiled <c>main.bicep</c>.</summary>
    public JsonElement Template { get; private set; }

    /// <summary>The shipped parameters in an empty environment: all but the encoder.</summary>
    internal Snapshot Bare { get; private set; } = null!;

    /// <summary>Service Bus, a registry, admin routes, an operator.</summary>
    internal Snapshot Full { get; private set; } = null!;

    /// <summary>Storage queues, a public image, films in an account of another resource group, everything warm.</summary>
    internal Snapshot Other { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Compiler, File.GetUnixFileMode(Compiler) | UnixFileMode.UserExecute);
        }

        foreach (var file in Files())
        {
            var copy = Path.Join(Folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Repository.Path($"infra/bicep/{file}"), copy);
        }

        await RunAsync("build", Path.Join(Folder, "main.bicep"), "--outfile", Path.Join(home, "main.json"));
        Template = Read("main.json");
        Bare = await SnapshotAsync("main");
        Full = await SnapshotAsync("full", """
            param encoderImage = 'hlscache-encoder:1'
            param adminRoutes = true
            param adminKey = 'the-secret'
            param operatorId = '11111111-1111-1111-1111-111111111111'
            """);
        Other = await SnapshotAsync("other", """
            param queueKind = 'StorageQueue'
            param encoderImage = 'ghcr.io/example/hlscache-encoder:1'
            param createRegistry = false
            param mediaAccount = 'originals'
            param mediaResourceGroup = 'archive'
            param minReplicas = 1
            param encoderCores = 2
            param appAlwaysReady = 2
            param appConcurrency = 100
            param settings = { HlsCache__SegmentSeconds: 6, HlsCache__Enabled: false }
            param encoder = { Encoder__Parallel: 2 }
            """);
    }

    /// <summary>What is in <c>infra/bicep</c>, by path.</summary>
    public static IEnumerable<string> Files() => Directory.EnumerateFiles(Repository.Path("infra/bicep"), "*", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.Path("infra/bicep"), file));

    /// <summary>Runs the compiler and returns what it said; it must succeed.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var (exitCode, said) = await TryRunAsync(arguments);
        exitCode.ShouldBe(0, said);
        return said;
    }

    public async Task<(int ExitCode, string Said)> TryRunAsync(params string[] arguments)
    {
        var run = await Cli.Wrap(Compiler)
            .WithArguments(arguments)
            .WithEnvironmentVariables(env => env
                .Set("DOTNET_BUNDLE_EXTRACT_BASE_DIR", Path.Join(home, "bundle"))
                .Set("ENCODER_IMAGE", null).Set("ADMIN_ROUTES", null).Set("ADMIN_KEY", null).Set("OPERATOR_ID", null))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        return (run.ExitCode, run.StandardOutput + run.StandardError);
    }

    /// <summary>What a deployment of that name would make.</summary>
    internal async Task<Snapshot> SnapshotAsync(string parameters, string? content = null, string deployment = "first")
    {
        var file = Path.Join(Folder, $"{parameters}.bicepparam");
        if (content is not null)
        {
            await File.WriteAllTextAsync(file, $"using './main.bicep'\n{content}\n");
        }

        await RunAsync(
            "snapshot", file, "--mode", "overwrite", "--deployment-name", deployment, "--resource-group", "films", "--location", "westeurope",
            "--subscription-id", "00000000-0000-0000-0000-000000000001", "--tenant-id", "00000000-0000-0000-0000-000000000002");
        return new(Read($"infra/{parameters}.snapshot.json"));
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(home, recursive: true);
        return ValueTask.CompletedTask;
    }

    private JsonElement Read(string file) => JsonElement.Parse(File.ReadAllBytes(Path.Join(home, file)));
}
