using System.Collections.Concurrent;
using HlsCache.Service.Tokens;

namespace HlsCache.Service.Upkeep;

/// <summary>Runs tasks so that one that fails or hangs harms nothing else. Whoever wants one that is running shares that run.</summary>
public sealed partial class TaskRunner(IEnumerable<IScheduledTask> tasks, TokenService tokens, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<TaskRunner> logger)
{
    /// <summary>How long a run may take: Azure cuts a request off at 230 s, and the default limit of a function is 5 minutes.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(200);

    /// <summary>How long a run is waited for: long enough for one that heeds its cancellation.</summary>
    public static readonly TimeSpan Patience = Limit + TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Lazy<Task<TaskOutcome>>> running = new(StringComparer.Ordinal);

    /// <summary>The task of that name, or null.</summary>
    public IScheduledTask? Find(string name) => tasks.FirstOrDefault(task => task.Name == name);

    /// <summary>Runs the task, or waits for the run that is on. The caller who gives up does not end it.</summary>
    public async Task<TaskOutcome> RunAsync(IScheduledTask task, CancellationToken cancellationToken)
    {
        try
        {
            return await running.GetOrAdd(task.Name, _ => new(() => RunOnceAsync(task))).Value.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // It does not heed its cancellation. Another run beside it would do no better.
            Log.Hanging(logger, task.Name, Patience.TotalSeconds);
            return new(false, $"{task.Name} has not come to an end within {Patience.TotalSeconds} s.");
        }
    }

    private async Task<TaskOutcome> RunOnceAsync(IScheduledTask task)
    {
        await Task.Yield();
        using var deadline = new CancellationTokenSource(Limit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, lifetime.ApplicationStopping);
        try
        {
            // Makes tables and containers, if this process has not done so yet.
            await tokens.LoadAsync(stop.Token);
            var summary = await task.RunAsync(stop.Token);
            Log.Done(logger, task.Name, summary);
            return new(true, summary);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Log.Stopped(logger, task.Name);
            return new(false, $"{task.Name} was stopped before its end; the next run goes on.");
        }
        catch (Exception e)
        {
            Log.Failed(logger, task.Name, e);
            return new(false, $"{task.Name} failed; the log says why.");
        }
        finally
        {
            running.TryRemove(task.Name, out _);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "[hls_cache] {Task}: {Summary}")]
        public static partial void Done(ILogger logger, string task, string summary);

        [LoggerMessage(LogLevel.Warning, "[hls_cache] {Task} was stopped before its end; the next run goes on.")]
        public static partial void Stopped(ILogger logger, string task);

        [LoggerMessage(LogLevel.Error, "[hls_cache] {Task} failed; it is run again at its next time.")]
        public static partial void Failed(ILogger logger, string task, Exception exception);

        [LoggerMessage(LogLevel.Error, "[hls_cache] {Task} has not come to an end within {Seconds} s.")]
        public static partial void Hanging(ILogger logger, string task, double seconds);
    }
}
