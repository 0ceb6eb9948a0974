using Azure.Storage.Queues;
using HlsCache.Core.Entries;
using HlsCache.Core.Jobs;
using HlsCache.Core.Leases;
using HlsCache.Core.Lifecycle;
using HlsCache.Core.Segments;
using HlsCache.Core.Sessions;
using HlsCache.Core.Stats;
using HlsCache.Core.Tokens;
using HlsCache.Core.Work;
using HlsCache.Testing.Azurite;
using HlsCache.Testing.Contracts;
using HlsCache.Testing.ServiceBus;

namespace HlsCache.Storage.Tests;

public sealed class TableEntryStoreContractTests(AzuriteFixture azurite) : EntryStoreContract, IAsyncDisposable
{
    private readonly StorageHost storage = new(azurite.Server.NewAccount());

    protected override Task<IEntryStore> CreateAsync() => storage.SetUpAsync<IEntryStore>();

    public ValueTask DisposeAsync() => storage.DisposeAsync();
}

public sealed class TableSessionStoreContractTests(AzuriteFixture azurite) : SessionStoreContract, IAsyncDisposable
{
    private readonly StorageHost storage = new(azurite.Server.NewAccount());

    protected override Task<ISessionStore> CreateAsync() => storage.SetUpAsync<ISessionStore>();

    public ValueTask DisposeAsync() => storage.DisposeAsync();
}

public sealed class TableWorkStoreContractTests(AzuriteFixture azurite) : WorkStoreContract, IAsyncDisposable
{
    private readonly StorageHost storage = new(azurite.Server.NewAccount());

    protected override Task<IWorkStore> CreateAsync() => storage.SetUpAsync<IWorkStore>();

    public ValueTask DisposeAsync() => storage.DisposeAsync();
}

public sealed class TableStatsStoreContractTests(AzuriteFixture azurite) : StatsStoreContract, IAsyncDisposable
{
    private readonly StorageHost storage = new(azurite.Server.NewAccount());

    protected override Task<IStatsStore> CreateAsync() => storage.SetUpAsync<IStatsStore>();

    public ValueTask DisposeAsync() => storage.DisposeAsync();
}

public sealed class TableSigningKeyStoreContractTests(AzuriteFixture azurite) : SigningKeyStoreContract, IAsyncDisposable
{
    private readonly StorageHost storage = new(azurite.Server.NewAccount());

    protected override Task<ISigningKeyStore> CreateAsync() => storage.SetUpAsync<ISigningKeyStore>();

    public ValueTask DisposeAsync() => storage.DisposeAsync();
}

public sealed class BlobSegmentStoreContractTests(AzuriteFixture azurite) : SegmentStoreContract, IAsyncDisposable
{
    private readonly StorageHost storage = new(azurite.Server.NewAccount());

    protected override Task<ISegmentStore> CreateAsync() => storage.SetUpAsync<ISegmentStore>();

    public ValueTask DisposeAsync() => storage.DisposeAsync();
}

public sealed class BlobLeaseStoreContractTests(AzuriteFixture azurite) : LeaseStoreContract, IAsyncDisposable
{
    private readonly StorageHost storage = new(azurite.Server.NewAccount());

    protected override async Task<(ILeaseStore Leases, ISegmentStore Segments)> CreateAsync() =>
        (await storage.SetUpAsync<ILeaseStore>(), storage.Get<ISegmentStore>());

    public ValueTask DisposeAsync() => storage.DisposeAsync();
}

public sealed class StorageJobQueueContractTests(AzuriteFixture azurite) : JobQueueContract, IAsyncDisposable
{
    private readonly StorageHost storage = new(azurite.Server.NewAccount());

    protected override Task<IJobQueue> CreateAsync() => storage.SetUpAsync<IJobQueue>();

    protected override Task<int> CountAsync() => CountAsync("encode-jobs");

    protected override Task<int> DeadLettersAsync() => CountAsync("encode-jobs-poison");

    protected override Task SendTextAsync(string text) => storage.Get<QueueServiceClient>().GetQueueClient("encode-jobs").SendMessageAsync(text, Cancel);

    public ValueTask DisposeAsync() => storage.DisposeAsync();

    private async Task<int> CountAsync(string name)
    {
        var properties = await storage.Get<QueueServiceClient>().GetQueueClient(name).GetPropertiesAsync(Cancel);
        return properties.Value.ApproximateMessagesCount;
    }
}

public sealed class ServiceBusJobQueueContractTests(BrokerFixture fixture) : JobQueueContract, IAsyncLifetime
{
    private ServiceBusHost bus = null!;

    public async ValueTask InitializeAsync() => bus = await ServiceBusHost.StartAsync(fixture.Broker);

    public ValueTask DisposeAsync() => bus.DisposeAsync();

    protected override Task<IJobQueue> CreateAsync() => Task.FromResult(bus.Queue);

    protected override async Task<int> CountAsync() => await CountAsync("") + await CountAsync("-fill");

    protected override async Task<int> DeadLettersAsync() => await CountAsync("/$DeadLetterQueue") + await CountAsync("-fill/$DeadLetterQueue");

    protected override Task SendTextAsync(string text) => bus.SendTextAsync(text);

    private async Task<int> CountAsync(string suffix) => (await fixture.Broker.StateAsync(bus.Name + suffix)).Count;
}

public sealed class BlobMaintenanceStoreContractTests(AzuriteFixture azurite) : MaintenanceStoreContract, IAsyncDisposable
{
    private readonly StorageHost storage = new(azurite.Server.NewAccount());

    protected override Task<IMaintenanceStore> CreateAsync() => storage.SetUpAsync<IMaintenanceStore>();

    public ValueTask DisposeAsync() => storage.DisposeAsync();
}

public sealed class TableMarksContractTests(AzuriteFixture azurite) : TableMarksContract, IAsyncDisposable
{
    private readonly StorageHost storage = new(azurite.Server.NewAccount());

    protected override Task<ITableMarks> CreateAsync() => storage.SetUpAsync<ITableMarks>();

    public ValueTask DisposeAsync() => storage.DisposeAsync();
}
