using System.Text.Json;

namespace HlsCache.Infra.Tests.Bicep;

/// <summary>The resources of a deployment, with what the compiler can know filled in; the rest are expressions in brackets.</summary>
internal sealed class Snapshot(JsonElement root)
{
    public const string AppType = "Microsoft.Web/sites";
    public const string EncoderType = "Microsoft.App/containerApps";
    public const string AccountType = "Microsoft.Storage/storageAccounts";
    public const string BlobsType = "Microsoft.Storage/storageAccounts/blobServices";
    public const string QueueType = "Microsoft.ServiceBus/namespaces/queues";
    public const string RoleType = "Microsoft.Authorization/roleAssignments";

    public IReadOnlyList<JsonElement> Resources { get; } = [.. root.GetProperty("predictedResources").EnumerateArray()];

    public JsonElement Outputs => root.GetProperty("outputs");

    public string Text => root.GetRawText();

    public IReadOnlyList<JsonElement> All(string type) => [.. Resources.Where(r => r.Text("type") == type)];

    public JsonElement The(string type) => All(type).ShouldHaveSingleItem();

    /// <summary>The one whose name has that in it.</summary>
    public JsonElement The(string type, string name) => All(type).Where(r => r.Text("name").Contains(name, StringComparison.Ordinal)).ShouldHaveSingleItem();

    /// <summary>Environment variables of the function app.</summary>
    public Dictionary<string, string> AppSettings() => Variables(The(AppType).At("properties.siteConfig.appSettings"));

    /// <summary>Environment variables of the encoder; none when there is no encoder.</summary>
    public Dictionary<string, string> EncoderSettings() => All(EncoderType) is [var encoder] ? Variables(encoder.At("properties.template.containers")[0].GetProperty("env")) : [];

    private static Dictionary<string, string> Variables(JsonElement list) =>
        list.EnumerateArray().ToDictionary(v => v.Text("name"), v => v.Text("value"), StringComparer.Ordinal);
}
