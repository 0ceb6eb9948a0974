namespace HlsCache.Infra.Tests.Bicep;

public sealed class AppTests(BicepFixture bicep)
{
    [Fact]
    public void It_is_a_custom_handler_on_Flex_Consumption()
    {
        var app = bicep.Bare.The(Snapshot.AppType);
        app.Text("kind").ShouldBe("functionapp,linux");
        app.Text("properties.functionAppConfig.runtime.name").ShouldBe("custom");
        bicep.Bare.The("Microsoft.Web/serverfarms").Text("sku.name").ShouldBe("FC1");
        bicep.Bare.AppSettings().Keys.ShouldNotContain(name => name.StartsWith("FUNCTIONS_", StringComparison.Ordinal) || name.StartsWith("WEBSITE_", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_TLS_reaches_it_and_no_password_deploys_to_it()
    {
        var app = bicep.Bare.The(Snapshot.AppType);
        app.At("properties.httpsOnly").GetBoolean().ShouldBeTrue();
        app.Text("properties.siteConfig.minTlsVersion").ShouldBe("1.2");
        bicep.Bare.All("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Select(p => p.At("properties.allow").GetBoolean()).ShouldBe([false, false]);
    }

    [Fact]
    public void It_acts_by_its_identity_for_the_host_and_for_itself()
    {
        var app = bicep.Bare.The(Snapshot.AppType);
        app.At("identity.userAssignedIdentities").EnumerateObject().ShouldHaveSingleItem().Name.ShouldEndWith("-app");
        app.Text("properties.functionAppConfig.deployment.storage.authentication.userAssignedIdentityResourceId").ShouldEndWith("-app");
        var settings = bicep.Bare.AppSettings();
        settings["AzureWebJobsStorage__credential"].ShouldBe("managedidentity");
        settings["AzureWebJobsStorage__clientId"].ShouldMatch(@"-app'.*\.clientId\]$");
        settings["AZURE_CLIENT_ID"].ShouldBe(settings["AzureWebJobsStorage__clientId"]);
    }

    [Fact]
    public void The_hosts_account_is_not_the_caches()
    {
        var settings = bicep.Bare.AppSettings();
        settings["AzureWebJobsStorage__accountName"].ShouldStartWith("hlshost");
        settings["Storage__AccountName"].ShouldStartWith("hlscache");
    }

    [Fact]
    public void Pages_of_any_origin_may_call_it_without_cookies()
    {
        var cors = bicep.Bare.The(Snapshot.AppType).At("properties.siteConfig.cors");
        cors.Texts("allowedOrigins").ShouldBe(["*"]);
        cors.At("supportCredentials").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public void Its_size_is_a_matter_of_parameters()
    {
        var small = bicep.Bare.The(Snapshot.AppType).At("properties.functionAppConfig.scaleAndConcurrency");
        small.At("alwaysReady").GetArrayLength().ShouldBe(0);
        small.At("triggers.http.perInstanceConcurrency").GetInt32().ShouldBe(500);
        var warm = bicep.Other.The(Snapshot.AppType).At("properties.functionAppConfig.scaleAndConcurrency");
        warm.At("alwaysReady")[0].Text("name").ShouldBe("http");
        warm.At("alwaysReady")[0].At("instanceCount").GetInt32().ShouldBe(2);
        warm.At("triggers.http.perInstanceConcurrency").GetInt32().ShouldBe(100);
    }

    [Fact]
    public void An_operators_settings_reach_it()
    {
        bicep.Other.AppSettings()["HlsCache__SegmentSeconds"].ShouldBe("6");
        bool.Parse(bicep.Other.AppSettings()["HlsCache__Enabled"]).ShouldBeFalse();
    }
}
