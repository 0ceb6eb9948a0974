using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HlsCache.Functions.Tests.Host;

/// <summary>How the app ends: the Functions host starts anew only what a fault has ended.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task An_app_that_is_asked_to_stop_has_no_fault()
    {
        await using var app = Build(new Work(_ => Task.CompletedTask));
        app.Lifetime.ApplicationStarted.Register(app.Lifetime.StopApplication);
        (await app.RunToEndAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Background_work_that_fails_ends_it_with_a_fault()
    {
        await using var app = Build(new Work(_ => throw new InvalidOperationException("a bug")));
        (await app.RunToEndAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task An_app_that_is_asked_to_stop_before_it_has_started_has_no_fault_either()
    {
        await using var app = Build(new Work(_ => Task.CompletedTask));
        app.Lifetime.StopApplication();
        (await app.RunToEndAsync()).ShouldBeTrue();
    }

    [Fact]
    public async Task Background_work_that_is_cancelled_has_not_failed()
    {
        await using var app = Build(new Work(stopping => Task.Delay(Timeout.Infinite, stopping)));
        app.Lifetime.ApplicationStarted.Register(app.Lifetime.StopApplication);
        (await app.RunToEndAsync()).ShouldBeTrue();
    }

    private static WebApplication Build(BackgroundService work)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IHostedService>(work);
        return builder.Build();
    }

    private sealed class Work(Func<CancellationToken, Task> work) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            await work(stoppingToken);
        }
    }
}
