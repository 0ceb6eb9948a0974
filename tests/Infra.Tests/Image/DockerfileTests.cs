using System.Xml.Linq;
using HlsCache.Infra.Tests.Bicep;
using HlsCache.Testing;

namespace HlsCache.Infra.Tests.Image;

public sealed class DockerfileTests(BicepFixture bicep) : IAsyncLifetime
{
    private static readonly string Path = Repository.Path("src/Encoder/Dockerfile");

    private Dockerfile file = null!;

    public async ValueTask InitializeAsync() => file = await Dockerfile.ReadAsync(Path);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void The_linter_has_nothing_to_say() => file.Problems.ShouldBeEmpty();

    [Fact]
    public async Task The_linter_would_say_something()
    {
        var faulty = System.IO.Path.GetTempFileName();
        await File.WriteAllTextAsync(faulty, "FROM debian:bookworm-slim\nCOPPY a b\nCMD one\nCMD two\n", TestContext.Current.CancellationToken);
        (await Dockerfile.ReadAsync(faulty)).Problems.ShouldBe(["2: Unknown instruction: COPPY", "3: There can only be one CMD instruction in a Dockerfile or build stage. Only the last one will have an effect."], ignoreOrder: true);
        File.Delete(faulty);
    }

    [Fact]
    public void Every_base_has_a_tag_and_none_is_latest() =>
        file.Instructions.Where(i => i.Keyword == "FROM").Select(i => i.Arguments[0]).ShouldAllBe(image => image.Contains(':') && !image.EndsWith(":latest", StringComparison.Ordinal));

    [Fact]
    public void It_is_built_with_the_SDK_of_this_repository()
    {
        var sdk = System.Text.Json.JsonElement.Parse(File.ReadAllText(Repository.Path("global.json"))).Text("sdk.version");
        var image = file.Build[0].Arguments[0];
        image.ShouldStartWith("mcr.microsoft.com/dotnet/sdk:");
        sdk.ShouldStartWith(image.Split(':')[1] + ".");
        XDocument.Load(Repository.Path("Directory.Build.props")).Descendants("TargetFramework").Single().Value.ShouldBe($"net{image.Split(':')[1]}");
    }

    [Fact]
    public void Packages_come_without_what_they_only_recommend_and_leave_no_lists()
    {
        var install = file.Image.Single(i => i.Keyword == "RUN").Text;
        install.ShouldStartWith("apt-get update && apt-get install --yes --no-install-recommends ");
        install.ShouldEndWith("&& rm -rf /var/lib/apt/lists/*");
        install.Split(' ').ShouldContain(package => package == "ffmpeg");
    }

    [Fact]
    public void It_is_not_root_who_runs_it() => file.Image.Single(i => i.Keyword == "USER").Text.ShouldMatch("^[1-9][0-9]{3,}:[1-9][0-9]{3,}$");

    [Fact]
    public void Only_where_the_scratch_volume_is_does_it_write()
    {
        var scratch = bicep.Full.The(Snapshot.EncoderType).At("properties.template.containers")[0].At("volumeMounts")[0].Text("mountPath");
        file.Image.Where(i => i.Keyword == "ENV").SelectMany(i => i.Arguments).ShouldContain(variable => variable == $"TMPDIR={scratch}");
        file.Image.Last(i => i.Keyword == "WORKDIR").Text.ShouldBe(scratch);
    }

    [Fact]
    public void Signals_reach_it_through_an_init_that_reaps()
    {
        var entry = file.Image.Where(i => i.Keyword is "ENTRYPOINT" or "CMD").ShouldHaveSingleItem();
        entry.IsExec.ShouldBeTrue();
        entry.Arguments.Take(2).ShouldBe(["/usr/bin/tini", "--"]);
        file.Image.Single(i => i.Keyword == "RUN").Text.Split(' ').ShouldContain(package => package == "tini");
    }

    [Fact]
    public void It_has_neither_port_nor_health_check() => file.Instructions.ShouldNotContain(i => i.Keyword == "EXPOSE" || i.Keyword == "HEALTHCHECK");
}
