using System.Text.Json;
using Azure.Storage.Blobs;
using HlsCache.Storage;
using HlsCache.Testing.Azurite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Infra.Tests.Bicep;

public sealed class StorageTests(BicepFixture bicep, AzuriteFixture azurite)
{
    [Fact]
    public void No_account_takes_a_key_or_an_anonymous_reader_or_plain_text()
    {
        var accounts = bicep.Full.All(Snapshot.AccountType);
        accounts.Count.ShouldBe(3);
        foreach (var account in accounts)
        {
            account.At("properties.allowSharedKeyAccess").GetBoolean().ShouldBeFalse();
            account.At("properties.allowBlobPublicAccess").GetBoolean().ShouldBeFalse();
            account.At("properties.supportsHttpsTrafficOnly").GetBoolean().ShouldBeTrue();
            account.Text("properties.minimumTlsVersion").ShouldBe("TLS1_2");
        }
    }

    [Fact]
    public void Evicted_bytes_cost_nothing()
    {
        var blobs = bicep.Full.The(Snapshot.BlobsType, "hlscache").GetProperty("properties");
        blobs.At("deleteRetentionPolicy.enabled").GetBoolean().ShouldBeFalse();
        blobs.At("containerDeleteRetentionPolicy.enabled").GetBoolean().ShouldBeFalse();
        blobs.At("isVersioningEnabled").GetBoolean().ShouldBeFalse();
        blobs.At("changeFeed.enabled").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public void Nothing_but_the_app_deletes_segments() => bicep.Full.Text.ShouldNotContain("managementPolicies");

    [Fact]
    public void Originals_can_be_had_back() =>
        bicep.Full.The(Snapshot.BlobsType, "hlsmedia").At("properties.deleteRetentionPolicy.days").GetInt32().ShouldBeGreaterThanOrEqualTo(7);

    [Fact]
    public void An_account_of_the_films_that_exists_is_left_as_it_is()
    {
        bicep.Other.All(Snapshot.AccountType).ShouldNotContain(a => a.Text("name") == "originals");
        bicep.Other.AppSettings()["Sources__media__AccountName"].ShouldBe("originals");
        bicep.Other.EncoderSettings()["Sources__media__AccountName"].ShouldBe("originals");
    }

    [Fact]
    public async Task Pages_may_fetch_what_the_app_itself_would_let_them()
    {
        var account = azurite.Server.NewAccount();
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection([new("Storage:ConnectionString", account)]).Build())
            .AddLogging().AddHlsCacheStorage().BuildServiceProvider();
        await services.GetRequiredService<StorageSetup>().RunAsync(TestContext.Current.CancellationToken);
        var ours = (await services.GetRequiredService<BlobServiceClient>().GetPropertiesAsync(TestContext.Current.CancellationToken)).Value.Cors.ShouldHaveSingleItem();

        var rule = bicep.Full.The(Snapshot.BlobsType, "hlscache").At("properties.cors.corsRules").EnumerateArray().ShouldHaveSingleItem();

        Joined(rule, "allowedOrigins").ShouldBe(ours.AllowedOrigins);
        Joined(rule, "allowedMethods").ShouldBe(ours.AllowedMethods);
        Joined(rule, "allowedHeaders").ShouldBe(ours.AllowedHeaders);
        Joined(rule, "exposedHeaders").ShouldBe(ours.ExposedHeaders);
        rule.At("maxAgeInSeconds").GetInt32().ShouldBe(ours.MaxAgeInSeconds);
    }

    private static string Joined(JsonElement rule, string list) => string.Join(',', rule.Texts(list));
}
