using Amqp;
using Amqp.Sasl;
using Microsoft.Extensions.Logging;

namespace HlsCache.Storage.Queues.ServiceBus;

/// <summary>A connection that lives until it breaks, with the links that were asked for. A link that breaks alone is opened anew.</summary>
internal sealed class ServiceBusConnection : IAsyncDisposable
{
    private const int IdleMilliseconds = 60_000;

    private readonly Connection connection;
    private readonly Session session;
    private readonly Authorizations rights;
    private readonly SemaphoreSlim turn = new(1);
    private readonly Dictionary<string, SenderLink> senders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RequestLink> managements = new(StringComparer.Ordinal);

    private ServiceBusConnection(Connection connection, Session session, Authorizations rights) =>
        (this.connection, this.session, this.rights) = (connection, session, rights);

    public bool IsClosed => connection.IsClosed || session.IsClosed;

    public static async Task<ServiceBusConnection> OpenAsync(
        ServiceBusEndpoint endpoint, ServiceBusTokens tokens, ServiceBusTrust trust, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory();
        factory.SASL.Profile = SaslProfile.Anonymous;
        factory.AMQP.ContainerId = $"hlscache-{Guid.NewGuid():n}";
        factory.AMQP.HostName = endpoint.Host;
        // Without it, a connection whose other end vanished is never noticed.
        factory.AMQP.IdleTimeout = IdleMilliseconds;
        factory.SSL.RemoteCertificateValidationCallback = trust.Callback;
        var opening = factory.CreateAsync(endpoint.Address, cancellationToken);
        Connection connection;
        try
        {
            connection = await opening.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Parts of the opening cannot be cancelled.
            _ = opening.ContinueWith(late => late.Result.Close(TimeSpan.Zero), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }

        try
        {
            var session = new Session(connection);
            var cbs = await RequestLink.OpenAsync(session, "$cbs", cancellationToken);
            return new(connection, session, new(cbs, endpoint, tokens, time, logger));
        }
        catch
        {
            connection.Close(TimeSpan.Zero);
            throw;
        }
    }

    public Task<SenderLink> SenderAsync(string queue, CancellationToken cancellationToken) =>
        LinkAsync(senders, queue, link => link.IsClosed, () => Attaching.SenderAsync(session, queue, cancellationToken), cancellationToken);

    public Task<RequestLink> ManagementAsync(string queue, CancellationToken cancellationToken)
    {
        var node = $"{queue}/$management";
        return LinkAsync(managements, node, link => link.IsClosed, () => RequestLink.OpenAsync(session, node, cancellationToken), cancellationToken);
    }

    /// <summary>A new link, for the caller alone.</summary>
    public async Task<ReceiverLink> ReceiverAsync(string queue, MessageCallback onMessage, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await OpenAsync(queue, () => Attaching.ReceiverAsync(session, queue, "", onMessage, cancellationToken), cancellationToken);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Breaks it without waiting for the other end.</summary>
    public void Abandon()
    {
        connection.Close(TimeSpan.Zero);
    }

    public async ValueTask DisposeAsync()
    {
        await rights.DisposeAsync();
        // Blocks until what is still to be written is written and the other end has closed too, but not for long.
        await Task.Run(() =>
        {
            try
            {
                connection.Close(TimeSpan.FromSeconds(2));
            }
            catch (Exception e) when (ServiceBusFaults.IsKnown(e))
            {
                // It was broken already.
            }
        });
        turn.Dispose();
    }

    private async Task<T> LinkAsync<T>(Dictionary<string, T> links, string node, Func<T, bool> isClosed, Func<Task<T>> open, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (!links.TryGetValue(node, out var link) || isClosed(link))
            {
                links[node] = link = await OpenAsync(node, open, cancellationToken);
            }

            return link;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<T> OpenAsync<T>(string node, Func<Task<T>> open, CancellationToken cancellationToken)
    {
        await rights.AddAsync(node, cancellationToken);
        try
        {
            return await open();
        }
        catch (AmqpException)
        {
            rights.Forget(node);
            throw;
        }
    }
}
