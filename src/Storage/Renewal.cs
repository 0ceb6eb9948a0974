using Azure;
using Microsoft.Extensions.Logging;

namespace HlsCache.Storage;

/// <summary>
/// Keeps alive what the service grants for a limited time (a lease, a message's invisibility). A failed call proves nothing and is tried again;
/// only a refusal, or the end of the granted time, means that the hold is lost.
/// </summary>
internal sealed partial class Renewal : IAsyncDisposable
{
    private readonly Func<CancellationToken, Task<bool>> renew;
    private readonly TimeSpan life;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly string what;
    private readonly CancellationTokenSource lost;
    private readonly CancellationTokenSource stop = new();
    private readonly Task loop;
    private volatile bool refused;

    /// <param name="what">What is held, for the log.</param>
    /// <param name="renew">Asks the service; false when it says that the hold is another's.</param>
    /// <param name="granted">Time that the service grants.</param>
    /// <param name="asked">Timestamp from before the first request was sent: the local idea of the end must never be later than the service's.</param>
    public Renewal(string what, Func<CancellationToken, Task<bool>> renew, TimeSpan granted, long asked, TimeProvider time, ILogger logger)
    {
        (this.what, this.renew, this.time, this.logger) = (what, renew, time, logger);
        life = granted - Min(granted / 5, TimeSpan.FromSeconds(5));
        lost = new(Max(life - time.GetElapsedTime(asked), TimeSpan.Zero), time);
        Lost = lost.Token;
        loop = LoopAsync(granted / 3);
    }

    /// <summary>Fires when the hold is lost, or may be.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Renews now; false when the hold is lost.</summary>
    public async Task<bool> RenewAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        if (!await renew(cancellationToken))
        {
            refused = true;
            await lost.CancelAsync();
        }

        if (Lost.IsCancellationRequested)
        {
            return false;
        }

        lost.CancelAfter(Max(life - time.GetElapsedTime(asked), TimeSpan.Zero));
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        lost.Dispose();
    }

    private async Task LoopAsync(TimeSpan period)
    {
        using var timer = new PeriodicTimer(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                try
                {
                    using var deadline = new CancellationTokenSource(period, time);
                    using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stop.Token);
                    if (!await RenewAsync(linked.Token))
                    {
                        LogLoss();
                        return;
                    }
                }
                catch (Exception e) when (StorageFaults.IsUnavailable(e) || e is RequestFailedException or OperationCanceledException or IOException or AggregateException)
                {
                    // However a call ends that disposing gave up, it is nobody's concern.
                    if (!stop.IsCancellationRequested)
                    {
                        Log.RenewalFailed(logger, what, e.Message);
                    }
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private void LogLoss()
    {
        if (refused)
        {
            Log.Refused(logger, what);
        }
        else
        {
            Log.TooLate(logger, what);
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The hold on {What} is lost: another has it, or it is gone.")]
        public static partial void Refused(ILogger logger, string what);

        [LoggerMessage(LogLevel.Warning, "The hold on {What} is given up: it was not renewed in time.")]
        public static partial void TooLate(ILogger logger, string what);

        [LoggerMessage(LogLevel.Warning, "The hold on {What} could not be renewed and is tried again: {Cause}")]
        public static partial void RenewalFailed(ILogger logger, string what, string cause);
    }
}
