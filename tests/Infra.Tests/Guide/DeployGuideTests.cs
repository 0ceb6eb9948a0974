using System.Text.RegularExpressions;
using CliWrap;
using CliWrap.Buffered;
using HlsCache.Infra.Tests.Bicep;
using HlsCache.Testing;

namespace HlsCache.Infra.Tests.Guide;

/// <summary>The guide names only what there is.</summary>
public sealed partial class DeployGuideTests(BicepFixture bicep)
{
    [Fact]
    public async Task Its_commands_are_commands()
    {
        var commands = DeployGuide.Commands();
        commands.Count.ShouldBeGreaterThan(10);
        foreach (var block in commands)
        {
            var run = await Cli.Wrap("bash").WithArguments(["-n"]).WithStandardInputPipe(PipeSource.FromString(block))
                .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(TestContext.Current.CancellationToken);
            run.ExitCode.ShouldBe(0, $"{block}\n{run.StandardError}");
        }
    }

    [Fact]
    public void Its_outputs_are_those_of_the_template()
    {
        var used = Names(OutputName());
        used.ShouldNotBeEmpty();
        used.Except(bicep.Template.At("outputs").EnumerateObject().Select(o => o.Name), StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void Its_parameters_are_those_of_the_template()
    {
        var parameters = bicep.Template.At("parameters").EnumerateObject().Select(p => p.Name).ToList();
        var used = ParameterName().Matches(DeployGuide.Text).Select(m => m.Groups["name"].Value).ToList();
        used.ShouldNotBeEmpty();
        used.Except(parameters, StringComparer.Ordinal).ShouldBeEmpty();
        // Every one is told of.
        parameters.Where(p => !DeployGuide.Text.Contains($"`{p}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void What_it_exports_is_what_the_parameters_read()
    {
        var read = EnvironmentName().Matches(File.ReadAllText(Repository.Path("infra/bicep/main.bicepparam"))).Select(m => m.Groups["name"].Value).ToList();
        read.ShouldNotBeEmpty();
        read.Where(name => !DeployGuide.Text.Contains($"export {name}=", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void The_files_that_it_names_exist()
    {
        var files = FileName().Matches(DeployGuide.Text).Select(m => m.Groups["file"].Value).Distinct(StringComparer.Ordinal).ToList();
        files.ShouldContain(file => file == "src/Encoder/Dockerfile");
        files.Where(file => !File.Exists(Repository.Path(file))).ShouldBeEmpty();
    }

    private static IReadOnlyList<string> Names(Regex pattern) =>
        [.. DeployGuide.Commands().SelectMany(block => pattern.Matches(block)).Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal)];

    [GeneratedRegex(@"\$\(output (?<name>\w+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OutputName();

    [GeneratedRegex(@"--parameters (?!infra)(?<name>\w+)=", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ParameterName();

    [GeneratedRegex(@"readEnvironmentVariable\('(?<name>\w+)'", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EnvironmentName();

    [GeneratedRegex(@"(?<![\w/])(?<file>(src|infra|docs|eng)/[\w/.-]+\.\w+|src/Encoder/Dockerfile)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FileName();
}
