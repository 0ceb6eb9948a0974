using System.Text.Json;
using HlsCache.Testing;

namespace HlsCache.Infra.Tests.Bicep;

public sealed class CompilerTests(BicepFixture bicep)
{
    [Theory]
    [InlineData("build", "main.bicep", "--outfile", "{home}/built.json")]
    [InlineData("lint", "main.bicep")]
    [InlineData("build-params", "main.bicepparam", "--outfile", "{home}/built-params.json")]
    [InlineData("lint", "main.bicepparam")]
    public async Task The_compiler_has_nothing_to_say(string command, string file, params string[] more)
    {
        var said = await bicep.RunAsync([command, Path.Join(bicep.Folder, file), .. more.Select(m => m.Replace("{home}", bicep.Folder, StringComparison.Ordinal))]);
        said.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_file_is_formatted()
    {
        await bicep.RunAsync("format", "--pattern", Path.Join(bicep.Folder, "**/*.bicep"));
        await bicep.RunAsync("format", Path.Join(bicep.Folder, "main.bicepparam"));
        foreach (var file in BicepFixture.Files())
        {
            (await File.ReadAllTextAsync(Path.Join(bicep.Folder, file), TestContext.Current.CancellationToken))
                .ShouldBe(await File.ReadAllTextAsync(Repository.Path($"infra/bicep/{file}"), TestContext.Current.CancellationToken), $"bicep format changes {file}");
        }
    }

    [Fact]
    public void A_rule_of_the_linter_is_an_error_or_off_for_a_reason()
    {
        var config = JsonElement.Parse(File.ReadAllText(Repository.Path("infra/bicep/bicepconfig.json")), new() { CommentHandling = JsonCommentHandling.Skip });
        var levels = config.At("analyzers.core.rules").EnumerateObject().ToLookup(r => r.Value.Text("level"), r => r.Name, StringComparer.Ordinal);
        levels["off"].ShouldBe(["use-recent-api-versions", "use-recent-module-versions"]);
        levels["error"].Count().ShouldBeGreaterThan(30);
        levels.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_fault_is_an_error()
    {
        var file = Path.Join(bicep.Folder, "faulty.bicep");
        await File.WriteAllTextAsync(file, "param unused string\n", TestContext.Current.CancellationToken);
        var (exitCode, said) = await bicep.TryRunAsync("lint", file);
        exitCode.ShouldBe(1);
        said.ShouldContain("Error no-unused-params");
        File.Delete(file);
    }
}
