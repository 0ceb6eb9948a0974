using System.Diagnostics;
using System.IO.Compression;
using HlsCache.Testing;

namespace HlsCache.EndToEnd.Tests.Deployed;

/// <summary>The package that is deployed, made by its script and unpacked as Azure unpacks it.</summary>
public sealed class ScriptRoot : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("hlscache-root-");

    public string Path => folder.FullName;

    /// <summary>Names of the package's files in its order.</summary>
    public IReadOnlyList<string> Files { get; private set; } = [];

    /// <summary>Octal modes of the files, as <c>chmod</c> takes them.</summary>
    public IReadOnlyDictionary<string, string> Modes { get; private set; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        var zip = Repository.Path("artifacts/functions.zip");
        using var script = Process.Start(new ProcessStartInfo(Repository.Path("eng/package.sh"), [zip]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = script.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = await script.StandardError.ReadToEndAsync(CancellationToken.None);
        await script.WaitForExitAsync(CancellationToken.None);
        script.ExitCode.ShouldBe(0, errors);
        (await output).ShouldEndWith(zip + "\n");
        await using var archive = await ZipFile.OpenReadAsync(zip, CancellationToken.None);
        Files = [.. archive.Entries.Select(entry => entry.FullName)];
        Modes = archive.Entries.ToDictionary(entry => entry.FullName, entry => Convert.ToString((entry.ExternalAttributes >> 16) & 0b111_111_111, 8), StringComparer.Ordinal);
        await archive.ExtractToDirectoryAsync(Path, CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
