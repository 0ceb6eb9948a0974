using System.Collections.Concurrent;
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
    private readonly ConcurrentDictionary<string, DateTimeOffset> ends = new(StringComparer.Ordinal);

    public Authorizations(RequestLink cbs, ServiceBusEndpoint endpoint, ServiceBusTokens tokens, TimeProvider time, ILogger logger) =>
        (this.cbs, this.endpoint, this.tokens, this.time, this.logger) = (cbs, endpoint, tokens, time, logger);

    /// <summary>Makes sure that links to the node may be opened. Not to be called twice at once.</summary>
    public async Task AddAsync(string node, CancellationToken cancellationToken)
    {
        if (!ends.TryGetValue(node, out var end) || end <= time.GetUtcNow())
        {
            await PutAsync(node, cancellationToken);
        }

        if (!renewals.ContainsKey(node))
        {
            renewals[node] = RenewAsync(node);
        }
    }

    /// <summary>The service refused a link: the next try puts a new token first, which may allow more.</summary>
    public void Forget(string node) => ends.TryRemove(node, out _);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        // However they ended, nobody needs them any more.
        await Task.WhenAll(renewals.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private async Task PutAsync(string node, CancellationToken cancellationToken)
    {
        var audience = $"amqps://{endpoint.Host}/{node}";
        var token = await tokens.GetAsync(audience, cancellationToken);
        var properties = new Map { ["operation"] = "put-token", ["type"] = token.Type, ["name"] = audience };
        (await cbs.AskAsync(properties, token.Text, cancellationToken)).OrThrow();
        ends[node] = token.Expires;
    }

    private async Task RenewAsync(string node)
    {
        var wait = Due(node);
        while (!cbs.IsClosed)
        {
            await Task.Delay(wait, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await PutAsync(node, stop.Token);
                wait = Due(node);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (ServiceBusFaults.IsKnown(e))
            {
                // With the connection gone, the next one asks anew.
                if (!cbs.IsClosed)
                {
                    Log.NotRenewed(logger, ServiceBusFaults.Of(e, endpoint, node).Message);
                }

                wait = RetryAfter;
            }
        }
    }

    private TimeSpan Due(string node)
    {
        var due = (ends.GetValueOrDefault(node) - time.GetUtcNow()) * 0.75;
        return due > Least ? due : Least;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The right to use Service Bus could not be renewed, and is asked for again: {Fault}")]
        public static partial void NotRenewed(ILogger logger, string fault);
    }
}
