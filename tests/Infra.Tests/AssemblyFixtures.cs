using HlsCache.Infra.Tests.Bicep;
using HlsCache.Testing.Azurite;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]
[assembly: AssemblyFixture(typeof(BicepFixture))]
