namespace HlsCache.Infra.Tests.Bicep;

/// <summary>A second deployment finds what the first one made, by its name.</summary>
public sealed class IdempotenceTests(BicepFixture bicep)
{
    [Fact]
    public void No_name_depends_on_the_time_or_on_chance() => bicep.Template.GetRawText().ShouldNotMatch(@"(?i)utcNow\(|newGuid\(");

    [Fact]
    public void Every_name_is_known_before_anything_is_made()
    {
        foreach (var snapshot in new[] { bicep.Bare, bicep.Full, bicep.Other })
        {
            snapshot.Resources.Select(r => r.Text("id")).ShouldAllBe(id => !id.Contains('['));
            snapshot.Resources.Select(r => r.Text("id")).ShouldBeUnique(StringComparer.Ordinal);
        }
    }

    [Fact]
    public async Task Deployments_of_other_names_make_the_same_things()
    {
        var second = await bicep.SnapshotAsync("full", deployment: "second");
        second.Resources.Select(r => r.Text("id")).ShouldBe(bicep.Full.Resources.Select(r => r.Text("id")));
    }

    [Fact]
    public void More_parameters_rename_nothing() =>
        bicep.Bare.Resources.Select(r => r.Text("id")).Except(bicep.Full.Resources.Select(r => r.Text("id")), StringComparer.Ordinal).ShouldBeEmpty();

    [Fact]
    public async Task The_longest_name_that_is_allowed_fits_everywhere()
    {
        var longest = await bicep.SnapshotAsync("longest", "param name = 'abcdef'\nparam adminRoutes = true\nparam encoderImage = 'x:1'");
        int Longest(string type) => longest.All(type).Max(r => r.Text("name").Length);
        Longest(Snapshot.AccountType).ShouldBeLessThanOrEqualTo(24);
        Longest("Microsoft.KeyVault/vaults").ShouldBeLessThanOrEqualTo(24);
        Longest(Snapshot.EncoderType).ShouldBeLessThanOrEqualTo(32);
        Longest("Microsoft.ContainerRegistry/registries").ShouldBeLessThanOrEqualTo(50);
        Longest("Microsoft.ServiceBus/namespaces").ShouldBeLessThanOrEqualTo(50);
    }
}
