using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;

namespace HlsCache.Storage.Segments;

/// <summary>
/// The key with which this process's identity signs. One serves for a week, which is longer than any session; it is renewed daily, beside the signing
/// that goes on with the one there is.
/// </summary>
internal sealed partial class UserDelegationKeys(BlobServiceClient service, TimeProvider time, ILogger<UserDelegationKeys> logger)
{
    // The most that the service grants: https://learn.microsoft.com/rest/api/storageservices/get-user-delegation-key
    private static readonly TimeSpan Life = TimeSpan.FromDays(7);

    // What our clock may be ahead of the service's by.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan RenewAfter = TimeSpan.FromDays(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private Held? held;
    private Task<UserDelegationKey>? running;
    private DateTimeOffset next;

    /// <summary>A key that is valid until then and longer.</summary>
    /// <exception cref="RequestFailedException">There is none that is, and the service gave none.</exception>
    public ValueTask<UserDelegationKey> GetAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        var key = held?.Key;
        var covers = key?.SignedExpiresOn >= until;
        if (covers && time.GetUtcNow() < held!.RenewAt)
        {
            return ValueTask.FromResult(key!);
        }

        var renewal = RenewAsync(isUrgent: !covers);
        return covers ? ValueTask.FromResult(key!) : new(renewal.WaitAsync(cancellationToken));
    }

    /// <summary>Asks for a key, unless somebody does already, or did in vain just now and there is no need.</summary>
    private Task<UserDelegationKey> RenewAsync(bool isUrgent)
    {
        lock (gate)
        {
            if (running is { IsCompleted: false } || (!isUrgent && running is not null && time.GetUtcNow() < next))
            {
                return running;
            }

            next = time.GetUtcNow() + RetryAfter;
            // Nobody's request: many wait for it, and whoever gives up must not take it from the others.
            return running = Task.Run(AskAsync);
        }
    }

    private async Task<UserDelegationKey> AskAsync()
    {
        var now = time.GetUtcNow();
        try
        {
            var start = now - ClockSkew;
            UserDelegationKey key = await service.GetUserDelegationKeyAsync(start, start + Life, CancellationToken.None);
            held = new(key, now + RenewAfter);
            return key;
        }
        catch (Exception e)
        {
            Log.NoKey(logger, StorageFaults.Explain(e, "the role Storage Blob Delegator on the account"));
            throw;
        }
    }

    private sealed record Held(UserDelegationKey Key, DateTimeOffset RenewAt);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Storage gives no key to sign links with: {Cause}")]
        public static partial void NoKey(ILogger logger, string cause);
    }
}
