using HlsCache.Functions.Tests.Stage;
using HlsCache.Functions.Timers;
using HlsCache.Service.Upkeep;
using HlsCache.Testing.Hosts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace HlsCache.Functions.Tests;

/// <summary>The app's own timers, where no Functions host fires them. It is 03:04:05.</summary>
public sealed class SchedulerTests : IAsyncDisposable
{
    private readonly Cloud cloud = new() { Background = [typeof(Scheduler)] };

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task A_task_is_run_each_time_it_falls_due_and_not_before()
    {
        var sweep = new FakeTask("sweep");
        await StartAsync(sweep);
        await cloud.Time.WaitsAsync(1);
        cloud.Time.Advance(TimeSpan.FromMinutes(55));
        sweep.Runs.ShouldBe(0);

        cloud.Time.SetUtcNow(new(2026, 1, 2, 4, 0, 0, TimeSpan.Zero));
        await sweep.BegunAsync();
        await UntilWaitingAsync(sweep);
        cloud.Time.SetUtcNow(new(2026, 1, 2, 5, 0, 0, TimeSpan.Zero));
        await sweep.BegunAsync();
        sweep.Runs.ShouldBe(2);
    }

    [Fact]
    public async Task A_task_that_asks_for_it_is_run_at_the_start_and_then_when_it_falls_due()
    {
        var (reap, sweep) = (new FakeTask("reap", runsAtStart: true), new FakeTask("sweep"));
        await StartAsync(reap, sweep);
        await reap.BegunAsync();
        await UntilWaitingAsync(reap);
        sweep.Runs.ShouldBe(0);

        cloud.Time.SetUtcNow(new(2026, 1, 2, 3, 10, 0, TimeSpan.Zero));
        await reap.BegunAsync();
        (reap.Runs, sweep.Runs).ShouldBe((2, 0));
    }

    [Fact]
    public async Task A_task_that_fails_is_logged_and_run_again_and_holds_up_no_other()
    {
        var (reap, sweep) = (new FakeTask("reap"), new FakeTask("sweep"));
        reap.Does = _ => throw new InvalidOperationException("a bug in reaping");
        await StartAsync(reap, sweep);
        await cloud.Time.WaitsAsync(2);
        cloud.Time.SetUtcNow(new(2026, 1, 2, 4, 0, 0, TimeSpan.Zero));
        await reap.BegunAsync();
        await sweep.BegunAsync();
        await UntilWaitingAsync(reap);
        cloud.Log.Lines.ShouldContain(l => l.StartsWith("Error") && l.Contains("[hls_cache] reap failed") && l.Contains("a bug in reaping"));

        cloud.Time.SetUtcNow(new(2026, 1, 2, 4, 10, 0, TimeSpan.Zero));
        await reap.BegunAsync();
    }

    [Fact]
    public async Task What_falls_due_during_a_run_is_run_once_after_it()
    {
        var end = new TaskCompletionSource<string>();
        var reap = new FakeTask("reap", runsAtStart: true) { Does = _ => end.Task };
        cloud.Time.SetUtcNow(new(2026, 1, 2, 3, 9, 0, TimeSpan.Zero));
        await StartAsync(reap);
        await reap.BegunAsync();
        cloud.Time.Advance(TimeSpan.FromMinutes(2));
        reap.Runs.ShouldBe(1);

        end.SetResult("done");
        await reap.BegunAsync();
        await UntilWaitingAsync(reap);
        reap.Runs.ShouldBe(2);
    }

    private Task<TestFunctionApp> StartAsync(params FakeTask[] tasks) => cloud.StartAsync(services =>
    {
        services.RemoveAll<IScheduledTask>();
        foreach (var task in tasks)
        {
            services.AddSingleton<IScheduledTask>(task);
        }
    });

    /// <summary>Returns when the run is over and the next one waited for: its wait is the only one for so long.</summary>
    private Task UntilWaitingAsync(FakeTask task) => cloud.Time.WaitsForAsync(Trigger.Load(task.Name).Next(cloud.Time.GetUtcNow()) - cloud.Time.GetUtcNow());
}
