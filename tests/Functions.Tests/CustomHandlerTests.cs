using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using HlsCache.Testing;

namespace HlsCache.Functions.Tests;

/// <summary>The executable as an Azure Functions host starts it.</summary>
public sealed class CustomHandlerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_listens_on_the_port_that_the_host_names_and_nowhere_else()
    {
        var (port, inherited) = (FreePort(), FreePort());
        var start = new ProcessStartInfo(Repository.Path($"artifacts/bin/HlsCache.Functions/{Configuration}/HlsCache.Functions"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment =
            {
                ["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}",
                // The host's own, which its children inherit.
                ["ASPNETCORE_URLS"] = $"http://0.0.0.0:{inherited}",
                ["Storage__ConnectionString"] = "UseDevelopmentStorage=true",
                ["Sources__media__Path"] = AppContext.BaseDirectory,
            },
        };
        using var app = Process.Start(start)!;
        try
        {
            _ = app.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            (await FirstAnswerAsync(new($"http://127.0.0.1:{port}/"))).ShouldBe(HttpStatusCode.OK);
            using var client = new HttpClient();
            await Should.ThrowAsync<HttpRequestException>(client.GetAsync(new Uri($"http://127.0.0.1:{inherited}/"), Token));
        }
        finally
        {
            app.Kill();
            await app.WaitForExitAsync(CancellationToken.None);
        }
    }

    // The host asks until it is answered; so does this.
    private static async Task<HttpStatusCode> FirstAnswerAsync(Uri uri)
    {
        using var client = new HttpClient();
        while (true)
        {
            try
            {
                using var response = await client.GetAsync(uri, Token);
                return response.StatusCode;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(25, Token);
            }
        }
    }

    // This test was built beside the app.
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Name;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
