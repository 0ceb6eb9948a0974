using Azure;

namespace HlsCache.Storage;

/// <summary>Asks a service whether it answers.</summary>
internal static class ServiceCheck
{
    /// <summary>Null when it does, else a sentence.</summary>
    public static async Task<string?> AskAsync(string service, Func<Task> ask)
    {
        try
        {
            await ask();
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"The {service} service does not answer: it took too long.";
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException)
        {
            return $"The {service} service does not answer: {e.Message.Split('\n')[0]}";
        }
    }
}
