using System.Net;
using HlsCache.Functions.Tests.Stage;
using HlsCache.Service.Stats;
using HlsCache.Service.Upkeep;
using HlsCache.Testing.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace HlsCache.Functions.Tests;

/// <summary>What an operator may run, and who is an operator.</summary>
public sealed class AdminTests : IAsyncDisposable
{
    private const string ApiKey = "open sesame";
    private const string AdminKey = "the keeper's";
    private const string Refusal = "The admin key is needed: set it as HlsCache__AdminKey and send it as the header x-admin-key.";

    private readonly Cloud cloud = new();
    private readonly FakeTask sweep = new("sweep") { Does = _ => Task.FromResult("evicted 2 of 7") };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task A_task_is_run_now_and_says_what_it_did()
    {
        using var response = await PostAsync(await StartAsync(), "/api/admin/sweep");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync(Cancelled)).ShouldBe("""{"task":"sweep","summary":"evicted 2 of 7"}""");
        sweep.Runs.ShouldBe(1);
    }

    [Fact]
    public async Task The_day_can_be_closed_now()
    {
        using var response = await PostAsync(await StartAsync(), "/api/admin/daily-stats");

        (await response.Content.ReadAsStringAsync(Cancelled)).ShouldBe("""{"task":"daily-stats","summary":"Closed 2026-01-01."}""");
        cloud.Log.Text.ShouldContain("[hls_cache] day-stats: hits=0 misses=0 ratio=0% entries=0 size=0.0MB");
    }

    [Fact]
    public async Task A_task_that_fails_says_so_without_its_secrets()
    {
        sweep.Does = _ => throw new InvalidOperationException("AccountKey=abc");

        using var response = await PostAsync(await StartAsync(), "/api/admin/sweep");

        await response.ShouldBeProblemAsync(HttpStatusCode.ServiceUnavailable, "sweep failed; the log says why.");
        response.ShouldSayRetry();
    }

    [Fact]
    public async Task There_is_no_other_task()
    {
        using var response = await PostAsync(await StartAsync(), "/api/admin/format");

        await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "There is no such task.");
    }

    [Fact]
    public async Task A_reference_to_a_secret_that_Azure_could_not_read_is_no_key()
    {
        const string Reference = "@Microsoft.KeyVault(SecretUri=https://hls-known.vault.azure.net/secrets/admin-key)";
        var app = await StartAsync(("HlsCache:AdminKey", Reference), ("HlsCache:ApiKey", "@Microsoft.KeyVault(VaultName=v;SecretName=s)"));

        using var refused = await PostAsync(app, "/api/admin/sweep", "x-admin-key", Reference);
        await refused.ShouldBeProblemAsync(
            HttpStatusCode.Unauthorized,
            "HlsCache__AdminKey refers to a Key Vault secret that could not be read: make the secret, give the app's identity the role Key Vault Secrets User, and restart the app.");
        using var other = await app.Client.GetAsync("/api/sources?code=@Microsoft.KeyVault(VaultName=v;SecretName=s)", TestContext.Current.CancellationToken);
        other.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Only_the_admin_key_opens_as_a_header_or_in_the_query()
    {
        var app = await StartAsync(("HlsCache:ApiKey", ApiKey), ("HlsCache:AdminKey", AdminKey));
        foreach (var (header, value, path) in new[]
        {
            ("x-admin-key", null, "/api/admin/sweep"),
            ("x-admin-key", "", "/api/admin/sweep"),
            ("x-admin-key", ApiKey, "/api/admin/sweep"),
            ("x-admin-key", AdminKey + "!", "/api/admin/sweep"),
            ("x-functions-key", ApiKey, "/api/admin/sweep"),
            ("x-functions-key", AdminKey, "/api/admin/sweep"),
            ("x-admin-key", "wrong", $"/api/admin/sweep?adminKey={AdminKey}"),
            ("x-admin-key", null, $"/api/admin/sweep?code={AdminKey}"),
            ("x-admin-key", null, "/api/admin/no-such-task"),
        })
        {
            using var refused = await PostAsync(app, path, header, value);
            await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, Refusal);
        }

        sweep.Runs.ShouldBe(0);
        (await PostAsync(app, "/api/admin/sweep", "x-admin-key", AdminKey)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await PostAsync(app, $"/api/admin/sweep?adminKey={AdminKey}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Without_an_admin_key_it_is_closed_where_more_than_this_machine_can_call(string? adminKey)
    {
        // Kestrel listens on loopback here too; what counts is what it is told.
        var app = await StartAsync(("HlsCache:ApiKey", ApiKey), ("HlsCache:AdminKey", adminKey), ("http_ports", "8080"));
        foreach (var key in new[] { null, "", ApiKey })
        {
            using var refused = await PostAsync(app, "/api/admin/sweep", "x-admin-key", key);
            await refused.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, Refusal);
        }
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Host", "evil.example")]
    public async Task Without_an_admin_key_it_is_closed_to_foreign_pages_on_this_machine(string header, string value)
    {
        (await PostAsync(await StartAsync(), "/api/admin/sweep", header, value)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        sweep.Runs.ShouldBe(0);
    }

    [Theory]
    [InlineData("/sweep")]
    [InlineData("/reap")]
    [InlineData("/daily-stats")]
    public async Task The_routes_of_the_Functions_hosts_ticks_are_not_there_without_it(string path)
    {
        var app = await StartAsync();

        (await PostAsync(app, path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await app.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        sweep.Runs.ShouldBe(0);
    }

    private Task<TestFunctionApp> StartAsync(params (string Name, string? Value)[] settings) =>
        cloud.StartAsync(services => services.Replace(ServiceDescriptor.Singleton<IScheduledTask>(sweep)).AddSingleton<IScheduledTask, DailyStats>(), [.. settings.Select(s => (s.Name, s.Value!))]);

    private static async Task<HttpResponseMessage> PostAsync(TestFunctionApp app, string path, string header = "x-admin-key", string? value = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        return await app.Client.SendAsync(request, Cancelled);
    }
}
