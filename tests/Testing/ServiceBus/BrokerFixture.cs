namespace HlsCache.Testing.ServiceBus;

/// <summary>One broker for all tests of an assembly that leave it and its connections in peace: <c>[assembly: AssemblyFixture(typeof(BrokerFixture))]</c>.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    public ServiceBusBroker Broker { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Broker = await ServiceBusBroker.StartAsync();

    public ValueTask DisposeAsync() => Broker.DisposeAsync();
}
