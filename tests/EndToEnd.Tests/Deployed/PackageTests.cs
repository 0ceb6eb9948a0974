using HlsCache.Testing;

namespace HlsCache.EndToEnd.Tests.Deployed;

/// <summary>What is deployed, and nothing else.</summary>
[Collection(nameof(DeployedGroup))]
public sealed class PackageTests(ScriptRoot root)
{
    [Fact]
    public void The_host_finds_its_settings_and_every_function()
    {
        root.Files.Contains("host.json", StringComparer.Ordinal).ShouldBeTrue();
        var triggers = Repository.Path("src/Functions/Triggers");
        root.Files.Where(file => file.EndsWith("/function.json", StringComparison.Ordinal)).ShouldBe(
            Directory.EnumerateDirectories(triggers).Select(folder => $"{Path.GetFileName(folder)}/function.json").Order(StringComparer.Ordinal));
        File.ReadAllText(Path.Join(root.Path, "host.json")).ShouldBe(File.ReadAllText(Repository.Path("host.json")));
    }

    [Fact]
    public void The_executable_can_be_executed() => root.Modes["HlsCache.Functions"].ShouldBe("755");

    [Fact]
    public void What_is_of_this_machine_or_of_another_program_stays_behind()
    {
        foreach (var file in root.Files.Select(file => Path.GetFileName(file)!))
        {
            file.ShouldNotEndWith("settings.json");
            file.ShouldNotStartWith("appsettings");
            file.ShouldNotEndWith(".pdb");
            file.ShouldNotContain(".Tests");
            file.ShouldNotContain("HlsCache.Encoder");
            file.ShouldNotContain("HlsCache.Local");
        }
    }

    [Fact]
    public void The_order_is_the_same_each_time() => root.Files.ShouldBe(root.Files.Order(StringComparer.Ordinal));
}
