using HlsCache.Testing.Hosts;

namespace HlsCache.Functions.Tests.Stage;

/// <summary>Tests of one instance in a deployment of its own.</summary>
/// <param name="settings">As environment variables would give them, with : for __.</param>
public abstract class AppTests(params (string Name, string Value)[] settings) : IAsyncLifetime
{
    private protected readonly Cloud cloud = new();
    private protected TestFunctionApp app = null!;

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public virtual async ValueTask InitializeAsync() => app = await cloud.StartAsync(settings: settings);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return cloud.DisposeAsync();
    }
}
