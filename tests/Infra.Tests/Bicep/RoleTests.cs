using HlsCache.Infra.Tests.Guide;

namespace HlsCache.Infra.Tests.Bicep;

public sealed class RoleTests(BicepFixture bicep)
{
    [Fact]
    public void The_table_in_the_guide_is_what_is_granted_and_all_of_it() =>
        DeployGuide.Grants().ShouldBe(Grant.Of(bicep.Full).Concat(Grant.Of(bicep.Other)).Distinct(), ignoreOrder: true);

    [Fact]
    public void With_Service_Bus_nobody_has_a_right_to_Storage_queues() =>
        Grant.Of(bicep.Full).ShouldNotContain(g => g.Role.StartsWith("Storage Queue", StringComparison.Ordinal));

    [Fact]
    public void With_Storage_queues_nobody_has_a_right_to_Service_Bus_or_a_registry() =>
        Grant.Of(bicep.Other).ShouldNotContain(g => g.Role.StartsWith("Azure Service Bus", StringComparison.Ordinal) || g.Role == "AcrPull");

    [Fact]
    public void Without_an_operator_only_identities_of_the_deployment_have_rights() =>
        Grant.Of(bicep.Bare).Concat(Grant.Of(bicep.Other)).ShouldNotContain(g => g.Who == "operator");

    [Fact]
    public void Both_job_queues_are_alike() =>
        bicep.Full.All(Snapshot.RoleType).Count(r => r.Text("id").Contains("/queues/encode-jobs/", StringComparison.Ordinal))
            .ShouldBe(bicep.Full.All(Snapshot.RoleType).Count(r => r.Text("id").Contains("/queues/encode-jobs-fill/", StringComparison.Ordinal)));

    [Fact]
    public void Films_in_another_resource_group_are_read_there() =>
        bicep.Other.All(Snapshot.RoleType).Where(r => r.Text("id").Contains("/originals/", StringComparison.Ordinal))
            .ShouldAllBe(r => r.Text("id").Contains("/resourceGroups/archive/", StringComparison.Ordinal));

    [Fact]
    public void Every_right_is_granted_in_the_module_of_the_roles()
    {
        var outside = bicep.Template.At("resources").EnumerateObject()
            .Where(module => module.Value.GetRawText().Contains(Snapshot.RoleType, StringComparison.Ordinal)).Select(module => module.Name);
        outside.ShouldBe(["roles"]);
    }

    [Fact]
    public void What_runs_starts_with_its_rights_in_place()
    {
        foreach (var module in new[] { "app", "encoders" })
        {
            bicep.Template.At($"resources.{module}").Texts("dependsOn").ShouldContain(d => d == "roles");
        }
    }
}
