using Azure.Core;
using Azure.Core.Pipeline;

namespace HlsCache.Storage;

/// <summary>The clients' own way to try again, for whoever has the patience.</summary>
internal sealed class PatientRetries : RetryPolicy
{
    /// <summary>Requests that are sent before the scope ends are sent once: whoever asks wants to know what is wrong, not to get through.</summary>
    public static IDisposable Once() => HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(Once)] = true });

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) => !IsOnce(message) && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        IsOnce(message) ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);

    private static bool IsOnce(HttpMessage message) => message.TryGetProperty(nameof(Once), out _);
}
