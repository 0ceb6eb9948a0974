using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;

namespace HlsCache.Functions.Tests.Host;

/// <summary>The executable as an Azure Functions host starts it.</summary>
public sealed class CustomHandlerTests(AzuriteFixture azurite)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_listens_on_the_port_that_the_host_names_and_nowhere_else()
    {
        var inherited = FreePort();
        await RunAsync("UseDevelopmentStorage=true", inherited, async client =>
        {
            using var other = new HttpClient();
            await Should.ThrowAsync<HttpRequestException>(other.GetAsync(new Uri($"http://127.0.0.1:{inherited}/"), Token));
        });
    }

    [Fact]
    public Task A_tick_is_answered_with_the_JSON_that_ends_it() => RunAsync(azurite.Server.NewAccount(), FreePort(), async client =>
    {
        foreach (var (task, start) in new[] { ("daily-stats", "Closed "), ("sweep", ""), ("reap", "") })
        {
            using var answer = await client.PostAsync($"/{task}", Tick(), Token);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
            var json = await answer.Content.ReadFromJsonAsync<JsonElement>(Token);
            json.Names().Order(StringComparer.Ordinal).ShouldBe(["Logs", "Outputs", "ReturnValue"]);
            var line = json.GetProperty("Logs").EnumerateArray().ShouldHaveSingleItem().GetString()!;
            line.ShouldStartWith(start);
            line.ShouldNotContain("failed");
            json.GetProperty("Outputs").Names().ShouldBeEmpty();
            json.GetProperty("ReturnValue").ValueKind.ShouldBe(JsonValueKind.Null);
        }
    });

    [Fact]
    public Task A_tick_that_fails_is_answered_too_and_says_so() => RunAsync(azurite.Server.NewAccount().Replace("AccountKey=", "AccountKey=AAAA"), FreePort(), async client =>
    {
        using var answer = await client.PostAsync("/daily-stats", Tick(), Token);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync(Token)).ShouldBe("""{"Logs":["daily-stats failed; the log says why."],"Outputs":{},"ReturnValue":null}""");
    });

    [Fact]
    public Task Its_own_key_guards_what_is_the_operators() => RunAsync("UseDevelopmentStorage=true", FreePort(), async client =>
    {
        using var refused = await client.PostAsync("/api/admin/daily-stats", null, Token);
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    });

    /// <summary>As the host of a timer that is due sends it.</summary>
    private static StringContent Tick() => new(
        """{"Data":{"timer":{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}},"Metadata":{"sys":{"MethodName":"daily-stats"}}}""",
        null,
        "application/json");

    private static async Task RunAsync(string storage, int inherited, Func<HttpClient, Task> test)
    {
        var port = FreePort();
        var start = new ProcessStartInfo(Repository.Path($"artifacts/bin/HlsCache.Functions/{Configuration}/HlsCache.Functions"))
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment =
            {
                ["FUNCTIONS_CUSTOMHANDLER_PORT"] = $"{port}",
                // The host's own, which its children inherit.
                ["ASPNETCORE_URLS"] = $"http://0.0.0.0:{inherited}",
                ["Storage__ConnectionString"] = storage,
                ["Sources__media__Path"] = AppContext.BaseDirectory,
            },
        };
        using var app = Process.Start(start)!;
        try
        {
            _ = app.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };
            (await FirstAnswerAsync(client.BaseAddress)).ShouldBe(HttpStatusCode.OK);
            await test(client);
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
