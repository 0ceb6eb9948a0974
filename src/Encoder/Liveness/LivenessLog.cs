using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace HlsCache.Encoder.Liveness;

/// <summary>Shows in the log that the encoder lives: each minute where its work is, each quarter of an hour that there is none.</summary>
/// <remarks>The container has no port that could be probed.</remarks>
public sealed partial class LivenessLog(WorkInHand work, TimeProvider time, ILogger<LivenessLog> logger) : IHostedService, IDisposable
{
    private const int IdleMinutes = 15;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private ITimer? timer;
    private int idle;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        timer = time.CreateTimer(_ => Tell(), null, Minute, Minute);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => timer?.Dispose();

    private void Tell()
    {
        var lines = work.Describe();
        foreach (var line in lines)
        {
            Log.Working(logger, line);
        }

        idle = lines.Count > 0 ? 0 : idle + 1;
        if (idle > 0 && idle % IdleMinutes == 0)
        {
            Log.Idle(logger, idle);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Working on {Work}.")]
        public static partial void Working(ILogger logger, string work);

        [LoggerMessage(LogLevel.Information, "Waiting for work, for {Minutes} minutes now.")]
        public static partial void Idle(ILogger logger, int minutes);
    }
}
