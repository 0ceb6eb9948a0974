using HlsCache.Testing.Azurite;
using HlsCache.Testing.ServiceBus;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]
[assembly: AssemblyFixture(typeof(IdentityFixture))]
[assembly: AssemblyFixture(typeof(BrokerFixture))]
