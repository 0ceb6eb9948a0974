using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using HlsCache.Testing.Azurite;

namespace HlsCache.Storage.Tests;

public sealed class StorageSetupTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Everything_is_there_afterwards()
    {
        await using var storage = new StorageHost(azurite.Server.NewAccount(), settings: ("Queue:Name", "work"));
        await storage.Get<StorageSetup>().RunAsync(Cancel);
        await ShouldBeSetUpAsync(storage, "work", "work-fill", "work-poison");
    }

    [Fact]
    public async Task Running_it_again_changes_nothing()
    {
        await using var storage = new StorageHost(azurite.Server.NewAccount());
        await storage.Get<StorageSetup>().RunAsync(Cancel);
        await storage.Get<QueueServiceClient>().GetQueueClient("encode-jobs").SendMessageAsync("kept", Cancel);
        await storage.Get<TableServiceClient>().GetTableClient("entries").AddEntityAsync(new TableEntity("a", "b"), Cancel);
        await storage.Get<StorageSetup>().RunAsync(Cancel);
        await ShouldBeSetUpAsync(storage, "encode-jobs", "encode-jobs-fill", "encode-jobs-poison");
        (await storage.Get<QueueServiceClient>().GetQueueClient("encode-jobs").GetPropertiesAsync(Cancel)).Value.ApproximateMessagesCount.ShouldBe(1);
        (await storage.Get<TableServiceClient>().GetTableClient("entries").QueryAsync<TableEntity>(cancellationToken: Cancel).CountAsync(Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task Five_may_run_it_at_once()
    {
        var account = azurite.Server.NewAccount();
        var hosts = Enumerable.Range(0, 5).Select(_ => new StorageHost(account)).ToList();
        await Task.WhenAll(hosts.Select(h => Task.Run(() => h.Get<StorageSetup>().RunAsync(Cancel), Cancel)));
        await ShouldBeSetUpAsync(hosts[0], "encode-jobs", "encode-jobs-fill", "encode-jobs-poison");
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_rule_that_the_operator_made_is_kept()
    {
        await using var storage = new StorageHost(azurite.Server.NewAccount());
        var blobs = storage.Get<BlobServiceClient>();
        BlobServiceProperties properties = await blobs.GetPropertiesAsync(Cancel);
        properties.Cors.Add(new() { AllowedOrigins = "https://site.example", AllowedMethods = "PUT", AllowedHeaders = "", ExposedHeaders = "", MaxAgeInSeconds = 1 });
        await blobs.SetPropertiesAsync(properties, Cancel);
        await storage.Get<StorageSetup>().RunAsync(Cancel);
        var rules = (await blobs.GetPropertiesAsync(Cancel)).Value.Cors;
        rules.Select(r => r.AllowedOrigins).Order(StringComparer.Ordinal).ShouldBe(["*", "https://site.example"]);
    }

    [Fact]
    public async Task A_check_finds_nothing_where_all_is_well()
    {
        await using var storage = new StorageHost(azurite.Server.NewAccount());
        (await storage.Get<StorageSetup>().CheckAsync(Cancel).ToListAsync(Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_check_names_every_service_once_the_storage_is_down()
    {
        string account;
        await using (var server = await AzuriteServer.StartAsync(Cancel))
        {
            account = server.NewAccount();
            await using var before = new StorageHost(account);
            (await before.Get<StorageSetup>().CheckAsync(Cancel).ToListAsync(Cancel)).ShouldBeEmpty();
        }

        await using var storage = new StorageHost(account);
        var faults = await CheckAsync(storage);
        faults.Count.ShouldBe(3);
        foreach (var (fault, service) in faults.Zip(["table", "blob", "queue"]))
        {
            fault.ShouldStartWith($"The {service} service does not answer: ");
            fault.ShouldNotContain('\n');
        }
    }

    [Fact]
    public async Task A_check_names_only_the_service_that_is_down()
    {
        // Port 1 answers nobody.
        var account = azurite.Server.NewAccount().Split(';')
            .Select(part => part.StartsWith("QueueEndpoint=", StringComparison.Ordinal) ? "QueueEndpoint=http://127.0.0.1:1/account" : part);
        await using var storage = new StorageHost(string.Join(';', account));
        var faults = await CheckAsync(storage);
        faults.ShouldHaveSingleItem().ShouldStartWith("The queue service does not answer: ");
    }

    [Fact]
    public async Task A_check_that_takes_too_long_says_so()
    {
        await using var storage = new StorageHost(azurite.Server.NewAccount());
        using var limit = new CancellationTokenSource();
        await limit.CancelAsync();
        (await storage.Get<StorageSetup>().CheckAsync(limit.Token).ToListAsync(Cancel))
            .ShouldContain(fault => fault == "The blob service does not answer: it took too long.");
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>As the health endpoint asks: it does not wait for all that the clients try.</summary>
    private static async Task<List<string>> CheckAsync(StorageHost storage)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(5));
        return await storage.Get<StorageSetup>().CheckAsync(limit.Token).ToListAsync(Cancel);
    }

    private static async Task ShouldBeSetUpAsync(StorageHost storage, params string[] queues)
    {
        (await storage.Get<TableServiceClient>().QueryAsync(cancellationToken: Cancel).Select(t => t.Name).ToListAsync(Cancel))
            .Order(StringComparer.Ordinal).ShouldBe(["entries", "keys", "sessions", "stats", "work"]);
        (await storage.Get<QueueServiceClient>().GetQueuesAsync(cancellationToken: Cancel).Select(q => q.Name).ToListAsync(Cancel))
            .Order(StringComparer.Ordinal).ShouldBe(queues);
        (await storage.Get<BlobServiceClient>().GetPropertiesAsync(Cancel)).Value.Cors.ShouldHaveSingleItem().AllowedOrigins.ShouldBe("*");
    }
}
