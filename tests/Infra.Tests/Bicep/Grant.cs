using System.Text.Json;
using System.Text.RegularExpressions;

namespace HlsCache.Infra.Tests.Bicep;

/// <summary>Who may do what where, in the words of the table in docs/deploy.md.</summary>
internal sealed partial record Grant(string Who, string Role, string Where)
{
    // Azure's own ids, as its documentation has them.
    private static readonly Dictionary<string, string> Roles = new(StringComparer.Ordinal)
    {
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"] = "Storage Blob Data Reader",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["19e7f393-937e-4f77-808e-94535e297925"] = "Storage Queue Data Reader",
        ["69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"] = "Azure Service Bus Data Sender",
        ["4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0"] = "Azure Service Bus Data Receiver",
        ["090c5cfd-751d-490a-894a-3ce6f1109419"] = "Azure Service Bus Data Owner",
        ["7f951dda-4ed3-4680-a7ca-43fe172d538d"] = "AcrPull",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
    };

    public static IEnumerable<Grant> Of(Snapshot snapshot) => snapshot.All(Snapshot.RoleType).Select(Of);

    private static Grant Of(JsonElement assignment)
    {
        var principal = assignment.Text("properties.principalId");
        var id = assignment.Text("properties.roleDefinitionId").Split('/')[^1];
        return new(
            Principal().Match(principal) is { Success: true } match ? match.Groups["who"].Value : "operator",
            Roles.TryGetValue(id, out var role) ? role : throw new ShouldAssertException($"{id} is no role that is known here."),
            Scope(assignment.Text("id").Split("/providers/Microsoft.Authorization/")[0].Split("/providers/")[^1]));
    }

    private static string Scope(string resource) => resource switch
    {
        _ when resource.Contains("/queues/encode-jobs", StringComparison.Ordinal) => "each job queue",
        _ when resource.Contains("/containers/packages", StringComparison.Ordinal) => "container of the package",
        _ when resource.Contains("/containers/", StringComparison.Ordinal) => "container of the films",
        _ when resource.Contains("storageAccounts/hlscache", StringComparison.Ordinal) => "account of the cache",
        _ when resource.Contains("storageAccounts/hlshost", StringComparison.Ordinal) => "account of the host",
        _ when resource.Contains("registries/", StringComparison.Ordinal) => "registry",
        _ when resource.Contains("vaults/", StringComparison.Ordinal) => "vault",
        _ => resource,
    };

    [GeneratedRegex(@"userAssignedIdentities/hls-\w+-(?<who>app|encoder|platform)'.*\.principalId\]$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Principal();
}
