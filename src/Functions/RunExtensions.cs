namespace HlsCache.Functions;

/// <summary>Runs the app until it ends, however it ends.</summary>
public static class RunExtensions
{
    /// <summary>
    /// Whether no fault ended it: the Functions host does not start anew what ends with exit code 0. What kept it from starting is a sentence on standard
    /// error; the log has the rest.
    /// </summary>
    public static async Task<bool> RunToEndAsync(this WebApplication app)
    {
        try
        {
            var background = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
            await RunAsync(app);
            // The framework stops the app when one of them fails, as if that had been asked for.
            return !background.Exists(service => service.ExecuteTask is { IsFaulted: true });
        }
        catch (Exception e)
        {
            foreach (var cause in e is AggregateException all ? all.Flatten().InnerExceptions : [e])
            {
                await Console.Error.WriteLineAsync(cause.Message);
            }

            return false;
        }
    }

    private static async Task RunAsync(WebApplication app)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        try
        {
            await app.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped before it had started.
        }
    }
}
