using CliWrap;
using CliWrap.Buffered;
using HlsCache.Testing;

namespace HlsCache.Infra.Tests.Image;

/// <summary>Does by hand what an engine would do with the build stage: the files that are copied suffice, and the entry point is what they make.</summary>
public sealed class BuildTests : IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("hlscache-image-").FullName;
    private readonly DockerIgnore ignore = new();

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Fact]
    public async Task The_entry_point_is_what_the_build_makes_of_what_is_copied()
    {
        var file = await Dockerfile.ReadAsync(Repository.Path("src/Encoder/Dockerfile"));
        foreach (var step in file.Build)
        {
            switch (step.Keyword)
            {
                case "COPY":
                    step.Arguments.SkipLast(1).ToList().ForEach(source => Copy(source, step.Arguments[^1]));
                    break;
                case "RUN":
                    await ShellAsync(step.Text.Replace(" /publish", $" {home}/publish", StringComparison.Ordinal));
                    break;
            }
        }

        var copy = file.Image.Single(i => i.Keyword == "COPY");
        copy.Flags["from"].ShouldBe(file.Build[0].Arguments[^1]);
        copy.Arguments[0].ShouldBe("/publish/");
        var entry = file.Image.Single(i => i.Keyword == "ENTRYPOINT").Arguments[^1];
        entry.ShouldStartWith(copy.Arguments[1]);
        var program = Path.Join(home, "publish", entry[copy.Arguments[1].Length..]);
        File.Exists(Path.Join(home, "publish", "libcoreclr.so")).ShouldBeTrue("The base has no runtime.");

        // It starts without any .NET beside it, and says what it lacks.
        var run = await Cli.Wrap(program).WithWorkingDirectory(home)
            .WithEnvironmentVariables(env => env.Set("DOTNET_ROOT", home).Set("PATH", "").Set("DOTNET_DbgEnableMiniDump", "0"))
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        run.ExitCode.ShouldNotBe(0);
        (run.StandardOutput + run.StandardError).ShouldContain("Storage__");
    }

    [Theory]
    [InlineData("src/Encoder/Program.cs", true)]
    [InlineData("global.json", true)]
    [InlineData(".editorconfig", true)]
    [InlineData("src/Functions/Program.cs", false)]
    [InlineData("src/Encoder/obj/project.assets.json", false)]
    [InlineData("artifacts/bin/any.dll", false)]
    [InlineData("node_modules/azurite/package.json", false)]
    [InlineData(".git/config", false)]
    [InlineData("local.settings.json", false)]
    public void The_context_holds_what_the_image_is_built_from_and_nothing_else(string path, bool taken) => ignore.Takes(path).ShouldBe(taken);

    private void Copy(string source, string target)
    {
        var from = Repository.Path(source);
        (File.Exists(from) || Directory.Exists(from)).ShouldBeTrue($"COPY {source}: there is no such thing.");
        var files = File.Exists(from) ? [source] : Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Repository.Path(""), f)).Where(ignore.Takes).ToList();
        foreach (var file in files)
        {
            ignore.Takes(file).ShouldBeTrue($".dockerignore keeps {file} out.");
            var to = Path.Join(home, target, File.Exists(from) ? Path.GetFileName(file) : Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(Repository.Path(file), to, overwrite: true);
        }
    }

    private async Task ShellAsync(string command)
    {
        var run = await Cli.Wrap("/bin/sh").WithArguments(["-c", command]).WithWorkingDirectory(home)
            // No compiler and no build node may outlive the test.
            .WithEnvironmentVariables(env => env.Set("MSBUILDDISABLENODEREUSE", "1").Set("UseSharedCompilation", "false").Set("DOTNET_CLI_USE_MSBUILD_SERVER", "0").Set("DOTNET_NOLOGO", "1").Set("DOTNET_CLI_TELEMETRY_OPTOUT", "1"))
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        run.ExitCode.ShouldBe(0, $"{command}\n{run.StandardOutput}{run.StandardError}");
    }
}
