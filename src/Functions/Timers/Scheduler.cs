using HlsCache.Functions.Http;
using HlsCache.Service.Upkeep;

namespace HlsCache.Functions.Timers;

/// <summary>Fires the timers where no Functions host does.</summary>
public sealed class Scheduler(IEnumerable<IScheduledTask> tasks, TaskRunner runner, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await (FunctionsHost.IsParent ? Task.CompletedTask : Task.WhenAll(tasks.Select(task => RepeatAsync(task, stoppingToken))));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task RepeatAsync(IScheduledTask task, CancellationToken stoppingToken)
    {
        var trigger = Trigger.Load(task.Name);
        var last = time.GetUtcNow();
        if (task.RunsAtStart)
        {
            await runner.RunAsync(task, stoppingToken);
        }

        while (true)
        {
            // What fell due during a run is run once after it. A clock that is set back makes nothing fall due twice.
            var next = trigger.Next(last);
            while ((last = time.GetUtcNow()) < next)
            {
                await Task.Delay(next - last, time, stoppingToken);
            }

            await runner.RunAsync(task, stoppingToken);
        }
    }
}
