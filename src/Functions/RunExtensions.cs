namespace HlsCache.Functions;

/// <summary>Runs the app until it ends, however it ends.</summary>
public static class RunExtensions
{
    /// <summary>
    /// The exit code: 0 only where the app was asked to stop, since the Functions host does not start anew what ended with 0. What kept it from starting
    /// is a sentence on standard error; the log has the rest.
    /// </summary>
    public static async Task<int> RunToEndAsync(this WebApplication app)
    {
        try
        {
            var background = app.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
            await app.RunAsync();
            // The framework stops the app when one of them fails, as if that had been asked for.
            return background.Exists(service => service.ExecuteTask is { IsFaulted: true }) ? 1 : 0;
        }
        catch (Exception e)
        {
            foreach (var cause in e is AggregateException all ? all.Flatten().InnerExceptions : [e])
            {
                await Console.Error.WriteLineAsync(cause.Message);
            }

            return 1;
        }
    }
}
