namespace HlsCache.Testing.Azurite;

/// <summary>One Azurite for all tests of an assembly: <c>[assembly: AssemblyFixture(typeof(AzuriteFixture))]</c>.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    public AzuriteServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await AzuriteServer.StartAsync(CancellationToken.None);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
