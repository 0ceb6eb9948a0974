using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using HlsCache.Functions.Tests.Stage;

namespace HlsCache.Functions.Tests;

/// <summary>Whether what the app depends on is said to be well, or down by name.</summary>
public sealed class HealthTests : IAsyncLifetime
{
    private readonly Cloud cloud = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task All_is_well()
    {
        var app = await cloud.StartAsync();

        (await app.ReadAsync("/api/health")).ShouldBe("""{"status":"ok","down":[]}""");
    }

    [Theory]
    [InlineData("table")]
    [InlineData("blob")]
    [InlineData("queue")]
    public async Task What_refuses_is_named(string service)
    {
        var app = await cloud.StartAsync();
        cloud.Account.Instead = (request, _) => Task.FromResult(
            request.RequestUri!.Host == $"{service}.test" ? new HttpResponseMessage(HttpStatusCode.Forbidden) : null);

        using var response = await app.GetAsync("/api/health");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        answer.Text("status").ShouldBe("down");
        answer.GetProperty("down").EnumerateArray().ShouldHaveSingleItem().GetString()!.ShouldBe(
            $"The {service} service does not answer: it refuses this app (403): check the key in Storage__ConnectionString, or that its identity has the role "
            + $"Storage {char.ToUpperInvariant(service[0])}{service[1..]} Data Contributor, and the account's network rules.");
    }

    [Fact]
    public async Task What_is_silent_is_given_up_after_three_seconds()
    {
        var app = await cloud.StartAsync();
        cloud.Account.Instead = async (request, cancellationToken) =>
        {
            if (request.RequestUri!.Host != "queue.test")
            {
                return null;
            }

            await Task.Delay(Timeout.Infinite, cancellationToken);
            return null;
        };

        using var response = await app.GetAsync("/api/health");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.Content.ReadAsStringAsync(Cancelled)).ShouldBe("""{"status":"down","down":["The queue service does not answer: it took too long."]}""");
    }

    [Fact]
    public async Task The_app_starts_while_storage_is_down_and_plays_when_it_is_back()
    {
        cloud.Account.Instead = (_, _) => Task.FromResult<HttpResponseMessage?>(new(HttpStatusCode.Forbidden));
        var app = await cloud.StartAsync();
        (await app.GetAsync("/api/health")).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await app.ReadAsync("/")).ShouldBe("HlsCache\n");

        cloud.Account.Instead = (_, _) => Task.FromResult<HttpResponseMessage?>(null);

        (await app.PlayFilmAsync()).Text("state").ShouldBe("queued");
    }

    [Theory]
    [InlineData(null, 5)]
    [InlineData("2", 5)]
    [InlineData("40", 40)]
    public async Task Who_meets_a_busy_storage_is_told_to_wait_for_as_long_as_it_asks(string? asked, int told)
    {
        var app = await cloud.StartAsync();
        using var account = new FakeAccount();
        account.Instead = (_, _) =>
        {
            var busy = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
            busy.Headers.TryAddWithoutValidation("x-ms-error-code", "ServerBusy");
            busy.Headers.TryAddWithoutValidation("Retry-After", asked);
            return Task.FromResult<HttpResponseMessage?>(busy);
        };
        cloud.Probe.Before = async _ =>
        {
            using var once = new HttpClient(account, disposeHandler: false);
            await new Azure.Storage.Blobs.BlobServiceClient(
                FakeAccount.ConnectionString, new() { Transport = new Azure.Core.Pipeline.HttpClientTransport(once), Retry = { MaxRetries = 0 } }).GetPropertiesAsync(Cancelled);
        };

        using var response = await app.TryPlayFilmAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter.ShouldNotBeNull().Delta.ShouldBe(TimeSpan.FromSeconds(told));
        cloud.Log.Text.ShouldContain("Storage does not answer: it is busy (ServerBusy)");
    }

    [Fact]
    public async Task A_root_that_cannot_be_read_is_named()
    {
        var app = await cloud.StartAsync();
        await app.ReadAsync("/api/health");
        Directory.Delete(cloud.Films.Folder, recursive: true);

        using var response = await app.GetAsync("/api/health");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.Content.ReadAsStringAsync(Cancelled)).ShouldBe("""{"status":"down","down":["The films of media cannot be read: their directory is not there."]}""");
    }
}
