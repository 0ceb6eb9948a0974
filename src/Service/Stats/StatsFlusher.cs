using HlsCache.Core.Lifecycle;

namespace HlsCache.Service.Stats;

/// <summary>Writes the counts every few seconds and when the app stops. What a crash may lose is what was counted within <see cref="Interval"/>.</summary>
public sealed partial class StatsFlusher(PlayCounter counter, IStorageFaults faults, TimeProvider time, ILogger<StatsFlusher> logger) : BackgroundService
{
    /// <summary>How long a count stays in this process alone.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Runs when no play can begin any more: the server was stopped before.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlushAsync().WaitAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryFlushAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task TryFlushAsync()
    {
        try
        {
            await counter.FlushAsync();
        }
        catch (Exception e) when (faults.Explain(e) is { } cause)
        {
            Log.Unavailable(logger, cause);
        }
        catch (Exception e)
        {
            Log.Failed(logger, e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The counts of plays could not be written and are kept for the next time: {Cause}")]
        public static partial void Unavailable(ILogger logger, string cause);

        [LoggerMessage(LogLevel.Error, "The counts of plays could not be written and are kept for the next time.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
