using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HlsCache.Functions.Tests.Host;

/// <summary>How the app ends: the Functions host starts anew only what ends with another code than 0.</summary>
public sealed class RunTests
{
    [Fact]
    public async Task An_app_that_is_asked_to_stop_ends_with_0()
    {
        await using var app = Build(new Work(_ => Task.CompletedTask));
        app.Lifetime.ApplicationStarted.Register(app.Lifetime.StopApplication);
        (await app.RunToEndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task An_app_whose_background_work_fails_ends_with_another_code()
    {
        await using var app = Build(new Work(_ => throw new InvalidOperationException("a bug")));
        (await app.RunToEndAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Background_work_that_is_cancelled_has_not_failed()
    {
        await using var app = Build(new Work(stopping => Task.Delay(Timeout.Infinite, stopping)));
        app.Lifetime.ApplicationStarted.Register(app.Lifetime.StopApplication);
        (await app.RunToEndAsync()).ShouldBe(0);
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
