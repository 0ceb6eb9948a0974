using System.Text.Json;

namespace HlsCache.Infra.Tests.Bicep;

/// <summary>No secret stands where many may read it.</summary>
public sealed class SecretTests(BicepFixture bicep)
{
    [Fact]
    public void No_template_asks_for_a_key() => bicep.Template.GetRawText().ShouldNotMatch("(?i)listkeys|listsecrets|listaccountsas|listservicesas|listconnectionkeys");

    [Fact]
    public void The_admin_key_goes_into_the_vault_and_nowhere_else()
    {
        bicep.Full.Text.ShouldNotContain("the-secret");
        bicep.Full.Resources.Where(r => r.GetRawText().Contains("parameters('adminKey')", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .Text("type").ShouldBe("Microsoft.KeyVault/vaults/secrets");
        SecureParameters(bicep.Template).Distinct(StringComparer.Ordinal).ShouldBe(["adminKey"]);
    }

    [Fact]
    public void The_app_reads_the_admin_key_by_a_reference()
    {
        var vault = bicep.Full.The("Microsoft.KeyVault/vaults").Text("id");
        bicep.Full.AppSettings()["HlsCache__AdminKey"].ShouldMatch($@"format\('@Microsoft\.KeyVault\(SecretUri=\{{0\}}secrets/admin-key\)', reference\('{vault}', '[\d-]+'\)\.vaultUri\)");
        bicep.Full.The("Microsoft.KeyVault/vaults/secrets").Text("name").ShouldEndWith("/admin-key");
        bicep.Full.The(Snapshot.AppType).Text("properties.keyVaultReferenceIdentity").ShouldEndWith("-app");
    }

    [Fact]
    public void Without_admin_routes_there_is_neither_vault_nor_setting()
    {
        bicep.Bare.All("Microsoft.KeyVault/vaults").ShouldBeEmpty();
        bicep.Bare.AppSettings().ContainsKey("HlsCache__AdminKey").ShouldBeFalse();
    }

    [Fact]
    public void An_output_is_no_secret()
    {
        var outputs = bicep.Template.At("outputs").EnumerateObject().ToList();
        outputs.ShouldNotBeEmpty();
        outputs.Select(o => o.Value.Text("type")).ShouldAllBe(type => type == "string");
        outputs.Where(o => o.Value.GetRawText().Contains("adminKey", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void No_setting_is_a_key_or_a_connection_string()
    {
        foreach (var (name, value) in Snapshots().SelectMany(s => s.AppSettings().Concat(s.EncoderSettings())))
        {
            value.ShouldNotMatch("(?i)accountkey=|sharedaccess|sig=", name);
            // Where to send telemetry, which Azure does not treat as a secret.
            (name.EndsWith("ConnectionString", StringComparison.OrdinalIgnoreCase) || name.Contains("CONNECTION_STRING", StringComparison.Ordinal))
                .ShouldBe(name == "APPLICATIONINSIGHTS_CONNECTION_STRING", name);
        }
    }

    private IEnumerable<Snapshot> Snapshots() => [bicep.Bare, bicep.Full, bicep.Other];

    private static IEnumerable<string> SecureParameters(JsonElement template) => template.Objects()
        .Where(o => o.TryGetProperty("parameters", out var p) && p.ValueKind == JsonValueKind.Object)
        .SelectMany(o => o.GetProperty("parameters").EnumerateObject())
        .Where(p => p.Value.ValueKind == JsonValueKind.Object && p.Value.TryGetProperty("type", out var type) && type.GetString()!.StartsWith("secure", StringComparison.OrdinalIgnoreCase))
        .Select(p => p.Name);
}
