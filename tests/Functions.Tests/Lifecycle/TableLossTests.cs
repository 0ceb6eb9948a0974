using HlsCache.Functions.Tests.Stage;
using HlsCache.Testing;
using HlsCache.Testing.Azurite;
using HlsCache.Testing.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HlsCache.Functions.Tests.Lifecycle;

/// <summary>What an instance finds out about the tables before its first play.</summary>
public sealed class TableLossTests(AzuriteFixture azurite) : IAsyncDisposable
{
    private readonly Cloud cloud = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task A_loss_is_noted_before_the_first_play_writes_a_row()
    {
        await (await cloud.StartAsync()).PlayFilmAsync();
        (await cloud.Maintenance.FindAsync("tables-lost", Cancelled)).ShouldBeNull();
        cloud.Marks.AreThere = false;
        var app = await cloud.StartAsync();
        var noted = false;
        cloud.Probe.Before = async call => noted |= call == "sessions.put" && await cloud.Maintenance.FindAsync("tables-lost", Cancelled) is not null;

        await app.PlayFilmAsync();

        noted.ShouldBeTrue();
        cloud.Marks.AreThere.ShouldBeTrue();
    }

    [Fact]
    public async Task An_app_stops_with_a_sentence_when_the_account_is_another_deployments()
    {
        var account = azurite.Server.NewAccount();
        await using var first = await StartAsync(account, "hls");
        (await first.Client.GetAsync("/api/health", Cancelled)).EnsureSuccessStatusCode();
        using var log = new LogBook();
        await using var second = await StartAsync(account, "other", services => services.AddSingleton<ILoggerProvider>(log));
        var stopping = second.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            using var answer = await second.Client.GetAsync("/api/health", Cancelled);
            answer.IsSuccessStatusCode.ShouldBeFalse();
            stopping.IsCancellationRequested.ShouldBeTrue();
            Environment.ExitCode.ShouldBe(1);
            log.Lines.ShouldContain(l => l.StartsWith("Critical", StringComparison.Ordinal) && l.Contains("HlsCache__ContainerPrefix is other"));
        }
        finally
        {
            Environment.ExitCode = 0;
        }
    }

    private Task<TestFunctionApp> StartAsync(string account, string prefix, Action<IServiceCollection>? replace = null) => TestFunctionApp.StartAsync(
        [new("Storage:ConnectionString", account), new("Sources:media:Path", cloud.Films.Folder), new("HlsCache:ContainerPrefix", prefix)], replace);
}
