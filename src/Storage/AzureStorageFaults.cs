using HlsCache.Core.Lifecycle;

namespace HlsCache.Storage;

/// <summary><see cref="StorageFaults"/> for those who know no Azure.</summary>
public sealed class AzureStorageFaults : IStorageFaults
{
    public string? Explain(Exception exception) => StorageFaults.IsUnavailable(exception) ? StorageFaults.Explain(exception) : null;

    public TimeSpan? RetryAfter(Exception exception) => StorageFaults.RetryAfter(exception);
}
