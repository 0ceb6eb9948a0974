using System.Net;
using System.Net.Sockets;

namespace HlsCache.Local;

/// <summary>TCP ports of the loopback address.</summary>
internal static class Ports
{
    /// <summary>Why nothing can listen on <paramref name="port"/>, or null when something can.</summary>
    public static string? Fault(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return $"Port {port} is already in use; choose another one with --port.";
        }
        catch (SocketException e)
        {
            return $"Port {port} cannot be used: {e.Message}.";
        }
    }

    /// <summary>Different ports on which nothing listens at the moment.</summary>
    public static IReadOnlyList<int> Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(l => l.Start());
        var ports = listeners.ConvertAll(l => ((IPEndPoint)l.LocalEndpoint).Port);
        listeners.ForEach(l => l.Dispose());
        return ports;
    }

    public static async Task<bool> AcceptsAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
