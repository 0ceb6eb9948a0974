using HlsCache.Testing.Azurite;
using HlsCache.Testing.Hosts;

namespace HlsCache.EndToEnd.Tests;

/// <summary>Tests of a function app and an encoder with an account and a folder of films of their own.</summary>
/// <param name="settings">Further settings, as environment variables would give them, with : for __.</param>
public abstract class FilmTests(AzuriteFixture azurite, params (string Name, string Value)[] settings) : IAsyncLifetime
{
    private protected readonly DirectoryInfo media = Directory.CreateTempSubdirectory("hlscache-media-");
    private protected TestFunctionApp app = null!;
    private TestEncoder encoder = null!;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Dictionary<string, string?> all = new(StringComparer.Ordinal)
        {
            ["Storage:ConnectionString"] = azurite.Server.NewAccount(),
            ["Sources:media:Path"] = media.FullName,
            ["Queue:PollMilliseconds"] = "50",
        };
        foreach (var (name, value) in settings)
        {
            all[name] = value;
        }

        app = await TestFunctionApp.StartAsync(all);
        encoder = await TestEncoder.StartAsync(all);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await encoder.DisposeAsync();
        await app.DisposeAsync();
        media.Delete(recursive: true);
    }
}
