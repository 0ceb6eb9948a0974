using HlsCache.Functions.Tests.Stage;
using HlsCache.Service.Upkeep;
using Microsoft.Extensions.DependencyInjection;

namespace HlsCache.Functions.Tests;

/// <summary>A run that fails or hangs harms nothing else, and there is one at a time.</summary>
public sealed class TaskRunnerTests : IAsyncLifetime
{
    private readonly Cloud cloud = new();
    private readonly FakeTask task = new("sweep");
    private TaskRunner runner = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        runner = (await cloud.StartAsync(services => services.AddSingleton<IScheduledTask>(task))).Services.GetRequiredService<TaskRunner>();

    public ValueTask DisposeAsync() => cloud.DisposeAsync();

    [Fact]
    public async Task Whoever_wants_a_task_that_is_running_shares_the_run()
    {
        var end = new TaskCompletionSource<string>();
        task.Does = _ => end.Task;
        var both = new[] { runner.RunAsync(task, Cancelled), runner.RunAsync(task, Cancelled) };
        await task.BegunAsync();
        end.SetResult("two evicted");

        (await Task.WhenAll(both)).ShouldBe([new(true, "two evicted"), new(true, "two evicted")]);
        task.Runs.ShouldBe(1);

        await runner.RunAsync(task, Cancelled);
        task.Runs.ShouldBe(2);
        cloud.Log.Text.ShouldContain("[hls_cache] sweep: two evicted");
    }

    [Fact]
    public async Task Whoever_gives_up_does_not_end_the_run()
    {
        var end = new TaskCompletionSource<string>();
        var heeded = CancellationToken.None;
        task.Does = cancellationToken =>
        {
            heeded = cancellationToken;
            return end.Task;
        };
        using var leaving = new CancellationTokenSource();
        var first = runner.RunAsync(task, leaving.Token);
        var second = runner.RunAsync(task, Cancelled);
        await task.BegunAsync();
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        heeded.IsCancellationRequested.ShouldBeFalse();
        end.SetResult("done");

        (await second).ShouldBe(new(true, "done"));
    }

    [Fact]
    public async Task A_run_is_cancelled_at_its_limit()
    {
        task.Does = async cancellationToken =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return "never";
        };
        var run = runner.RunAsync(task, Cancelled);
        await task.BegunAsync();
        cloud.Time.Advance(TaskRunner.Limit);

        (await run).ShouldBe(new(false, "sweep was stopped before its end; the next run goes on."));
    }

    [Fact]
    public async Task A_run_that_does_not_heed_that_is_not_waited_for_and_not_doubled()
    {
        var end = new TaskCompletionSource<string>();
        task.Does = _ => end.Task;
        var run = runner.RunAsync(task, Cancelled);
        await task.BegunAsync();
        cloud.Time.Advance(TaskRunner.Patience);
        (await run).ShouldBe(new(false, "sweep has not come to an end within 210 s."));

        var again = runner.RunAsync(task, Cancelled);
        end.SetResult("at last");
        (await again).ShouldBe(new(true, "at last"));
        task.Runs.ShouldBe(1);
    }

    [Fact]
    public void A_run_is_waited_for_no_longer_than_Azure_waits() => TaskRunner.Patience.ShouldBeLessThan(TimeSpan.FromSeconds(230));
}
