using Azure.Core;
using Azure.Core.Pipeline;

namespace HlsCache.Storage;

/// <summary>Tries again for about twelve seconds, unless the service asks for more of them, or whoever asks has no patience.</summary>
internal sealed class PatientRetries() : RetryPolicy(MostRetries)
{
    private const int MostRetries = 4;

    // To wait longer than that is for those who asked: a viewer has gone by then, and a job is handed back.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    /// <summary>Requests that are sent before the scope ends are sent once: whoever asks wants to know what is wrong, not to get through.</summary>
    public static IDisposable Once() => HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(Once)] = true });

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) => IsPatient(message) && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        IsPatient(message) ? base.ShouldRetryAsync(message, exception) : ValueTask.FromResult(false);

    private static bool IsPatient(HttpMessage message) => !message.TryGetProperty(nameof(Once), out _)
        && !(message.HasResponse && StorageFaults.RetryAfter(message.Response) > LongestWait);
}
