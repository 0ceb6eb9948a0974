using System.Text.Json;
using Microsoft.Extensions.Hosting;

namespace HlsCache.Infra.Tests.Bicep;

public sealed class EncoderTests(BicepFixture bicep)
{
    [Fact]
    public void There_is_none_before_there_is_an_image()
    {
        bicep.Bare.All(Snapshot.EncoderType).ShouldBeEmpty();
        bicep.Bare.All("Microsoft.ContainerRegistry/registries").ShouldHaveSingleItem();
        bicep.Bare.Outputs.Text("encoder").ShouldBeEmpty();
    }

    [Fact]
    public void Its_image_comes_from_the_registry_by_an_identity()
    {
        var encoder = bicep.Full.The(Snapshot.EncoderType);
        encoder.At("properties.configuration.registries")[0].Text("identity").ShouldEndWith("-platform");
        Container(encoder).Text("image").ShouldMatch(@"loginServer.*'hlscache-encoder:1'");
        var registry = bicep.Full.The("Microsoft.ContainerRegistry/registries");
        registry.At("properties.adminUserEnabled").GetBoolean().ShouldBeFalse();
        registry.At("properties.anonymousPullEnabled").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public void A_public_image_needs_no_registry()
    {
        bicep.Other.All("Microsoft.ContainerRegistry/registries").ShouldBeEmpty();
        Container(bicep.Other.The(Snapshot.EncoderType)).Text("image").ShouldBe("ghcr.io/example/hlscache-encoder:1");
        bicep.Other.The(Snapshot.EncoderType).At("properties.configuration.registries").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public void No_process_in_it_can_act_as_the_platform()
    {
        var settings = bicep.Full.The(Snapshot.EncoderType).At("properties.configuration.identitySettings").EnumerateArray()
            .ToDictionary(s => s.Text("identity").Split('-')[^1], s => s.Text("lifecycle"), StringComparer.Ordinal);
        settings.ShouldBe(new Dictionary<string, string>(StringComparer.Ordinal) { ["encoder"] = "Main", ["platform"] = "None" }, ignoreOrder: true);
        bicep.Full.EncoderSettings()["AZURE_CLIENT_ID"].ShouldMatch(@"-encoder'.*\.clientId\]$");
    }

    [Fact]
    public void It_grows_with_both_queues_of_Service_Bus()
    {
        var rules = Rules(bicep.Full);
        rules.Select(r => r.Text("custom.type")).ShouldBe(["azure-servicebus", "azure-servicebus"]);
        rules.Select(r => r.Text("custom.metadata.queueName")).ShouldBe(["encode-jobs", "encode-jobs-fill"]);
        rules.Select(r => r.Text("custom.metadata.messageCount")).ShouldBe(["1", "1"]);
        rules.ShouldAllBe(r => r.Text("custom.metadata.namespace") == bicep.Full.The("Microsoft.ServiceBus/namespaces").Text("name"));
        rules.ShouldAllBe(r => r.Text("custom.identity").EndsWith("-platform", StringComparison.Ordinal));
    }

    [Fact]
    public void It_grows_with_Storage_queues_by_what_is_invisible_too_and_by_what_one_replica_does()
    {
        var rules = Rules(bicep.Other);
        rules.Select(r => r.Text("custom.type")).ShouldBe(["azure-queue", "azure-queue"]);
        rules.Select(r => r.Text("custom.metadata.queueName")).ShouldBe(["encode-jobs", "encode-jobs-fill"]);
        rules.ShouldAllBe(r => r.Text("custom.metadata.queueLengthStrategy") == "all");
        rules.ShouldAllBe(r => r.Text("custom.metadata.accountName") == bicep.Other.EncoderSettings()["Storage__AccountName"]);
        rules.Select(r => r.Text("custom.metadata.queueLength")).ShouldBe(["2", "2"]);
        bicep.Other.EncoderSettings()["Encoder__Parallel"].ShouldBe("2");
    }

    [Fact]
    public void Nothing_runs_while_nothing_is_encoded_unless_asked_for()
    {
        Scale(bicep.Full).At("minReplicas").GetInt32().ShouldBe(0);
        Scale(bicep.Other).At("minReplicas").GetInt32().ShouldBe(1);
    }

    [Fact]
    public void It_is_given_longer_to_stop_than_it_takes_itself() =>
        TimeSpan.FromSeconds(bicep.Full.The(Snapshot.EncoderType).At("properties.template.terminationGracePeriodSeconds").GetInt32())
            .ShouldBeGreaterThanOrEqualTo(new HostOptions().ShutdownTimeout + TimeSpan.FromSeconds(15));

    [Fact]
    public void Nobody_calls_it() => bicep.Full.The(Snapshot.EncoderType).At("properties.configuration").TryGetProperty("ingress", out _).ShouldBeFalse();

    [Fact]
    public void ffmpeg_uses_the_cores_that_it_has()
    {
        Container(bicep.Other.The(Snapshot.EncoderType)).At("resources.cpu").GetInt32().ShouldBe(2);
        Container(bicep.Other.The(Snapshot.EncoderType)).Text("resources.memory").ShouldBe("4Gi");
        bicep.Other.EncoderSettings()["Encoder__Threads"].ShouldBe("2");
    }

    [Fact]
    public void Its_log_goes_to_the_workspace_without_a_key()
    {
        bicep.Full.The("Microsoft.App/managedEnvironments").Text("properties.appLogsConfiguration.destination").ShouldBe("azure-monitor");
        var workspace = bicep.Full.The("Microsoft.OperationalInsights/workspaces");
        workspace.At("properties.features.disableLocalAuth").GetBoolean().ShouldBeTrue();
        bicep.Full.The("Microsoft.Insights/diagnosticSettings").GetRawText().ShouldContain("allLogs");
    }

    private static JsonElement Container(JsonElement encoder) => encoder.At("properties.template.containers").EnumerateArray().ShouldHaveSingleItem();

    private static JsonElement Scale(Snapshot snapshot) => snapshot.The(Snapshot.EncoderType).At("properties.template.scale");

    private static IReadOnlyList<JsonElement> Rules(Snapshot snapshot) => [.. Scale(snapshot).At("rules").EnumerateArray()];
}
