using HlsCache.Testing.Azurite;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]
