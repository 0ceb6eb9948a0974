using Amqp;
using Amqp.Types;
using Microsoft.Extensions.Logging;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>
/// What a connection may reach. The service takes a token for each audience on <c>$cbs</c>, and drops the links of one that ran out, so each is
/// put again when three quarters of its life are over.
/// </summary>
internal sealed partial class Authorizations : IAsyncDisposable
{
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly RequestLink cbs;
    private readonly ServiceBusEndpoint endpoint;
    private readonly ServiceBusTokens tokens;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource stop = new();
    private readonly Dictionary<string, Task> renewals = new(StringComparer.Ordinal);

    public Authorizations(RequestLink cbs, ServiceBusEndpoint endpoint, ServiceBusTokens tokens, TimeProvider time, ILogger logger) =>
        (this.cbs, this.endpoint, this.tokens, this.time, this.logger) = (cbs, endpoint, tokens, time, logger);

    /// <summary>Makes sure that links to the node may be opened. Not to be called twice at once.</summary>
    public async Task AddAsync(string node, CancellationToken cancellationToken)
    {
        if (!renewals.TryGetValue(node, out var renewal) || renewal.IsCompleted)
        {
            renewals[node] = RenewAsync(node, await PutAsync(node, cancellationToken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(renewals.Values);
        stop.Dispose();
    }

    private async Task<DateTimeOffset> PutAsync(string node, CancellationToken cancellationToken)
    {
        var audience = $"amqps://{endpoint.Host}/{node}";
        var token = await tokens.GetAsync(audience, cancellationToken);
        var properties = new Map { ["operation"] = "put-token", ["type"] = token.Type, ["name"] = audience };
        (await cbs.AskAsync(properties, token.Text, cancellationToken)).OrThrow();
        return token.Expires;
    }

    private async Task RenewAsync(string node, DateTimeOffset expires)
    {
        var retry = false;
        while (!cbs.IsClosed)
        {
            var due = (expires - time.GetUtcNow()) * 0.75;
            await Task.Delay(retry ? RetryAfter : due > Least ? due : Least, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            try
            {
                expires = await PutAsync(node, stop.Token);
                retry = false;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (ServiceBusFaults.IsKnown(e) && !cbs.IsClosed)
            {
                retry = true;
                Log.NotRenewed(logger, ServiceBusFaults.Of(e, endpoint, node).Message);
            }
            catch (Exception e) when (ServiceBusFaults.IsKnown(e))
            {
                return; // The connection is gone, and the next one asks anew.
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The right to use Service Bus could not be renewed, and is asked for again: {Fault}")]
        public static partial void NotRenewed(ILogger logger, string fault);
    }
}
