using HlsCache.Testing.Azurite;

[assembly: AssemblyFixture(typeof(AzuriteFixture))]
[assembly: AssemblyFixture(typeof(IdentityFixture))]
