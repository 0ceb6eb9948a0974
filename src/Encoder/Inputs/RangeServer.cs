using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace HlsCache.Encoder.Inputs;

/// <summary>
/// Serves remote films to ffmpeg: on this machine only, each at an address that nobody can guess and only while it is open. ffmpeg's command line,
/// which everybody on the machine can read, so never holds what gives access to storage.
/// </summary>
internal sealed partial class RangeServer(ILogger<RangeServer> logger) : IDisposable
{
    private const int SecretBytes = 24;

    private readonly ConcurrentDictionary<string, SourceBlocks> open = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private HttpListener? listener;

    /// <summary>The address at which the film is served until it is closed.</summary>
    public string Open(SourceBlocks film)
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        open[secret] = film;
        return Address() + secret;
    }

    public void Close(string address) => open.TryRemove(address[(address.LastIndexOf('/') + 1)..], out _);

    public void Dispose() => listener?.Close();

    /// <summary>Where it listens. It begins to when the first film is opened.</summary>
    private string Address()
    {
        lock (gate)
        {
            while (listener is null)
            {
                // A listener takes no port 0, and a port found free may be another's a moment later.
                var candidate = new HttpListener { Prefixes = { $"http://127.0.0.1:{FreePort()}/" } };
                try
                {
                    candidate.Start();
                    listener = candidate;
                    _ = AcceptAsync(candidate);
                }
                catch (HttpListenerException e)
                {
                    Log.Taken(logger, e.Message);
                }
            }

            return listener.Prefixes.Single();
        }
    }

    private async Task AcceptAsync(HttpListener from)
    {
        while (from.IsListening)
        {
            try
            {
                _ = ServeAsync(await from.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // A connection that broke before it asked, or the end of it all.
            }
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        var response = context.Response;
        try
        {
            if (!open.TryGetValue(context.Request.Url?.AbsolutePath.TrimStart('/') ?? "", out var film))
            {
                response.StatusCode = (int)HttpStatusCode.NotFound;
            }
            else if (Range(context.Request.Headers["Range"], film.Length) is not var (first, last))
            {
                response.StatusCode = (int)HttpStatusCode.RequestedRangeNotSatisfiable;
                response.Headers["Content-Range"] = $"bytes */{film.Length}";
            }
            else
            {
                response.StatusCode = film.Length == 0 ? (int)HttpStatusCode.OK : (int)HttpStatusCode.PartialContent;
                response.Headers["Accept-Ranges"] = "bytes";
                response.Headers["Content-Range"] = $"bytes {first}-{last}/{film.Length}";
                response.ContentLength64 = last - first + 1;
                await SendAsync(film, first, last, response.OutputStream);
            }

            response.Close();
        }
        catch (Exception e)
        {
            // ffmpeg has gone elsewhere, or there is nothing more to give it: whoever started it learns why.
            Log.Broken(logger, e.Message);
            response.Abort();
        }
    }

    private static async Task SendAsync(SourceBlocks film, long first, long last, Stream output)
    {
        for (var at = first; at <= last;)
        {
            var bytes = await film.ReadAsync(at);
            var some = bytes[..(int)Math.Min(bytes.Length, last - at + 1)];
            await output.WriteAsync(some, CancellationToken.None);
            at += some.Length;
        }
    }

    /// <summary>The first and last byte asked for; null for what is not there.</summary>
    private static (long First, long Last)? Range(string? header, long length)
    {
        var asked = RangeHeaderValue.TryParse(header, out var parsed) && parsed.Ranges.Count == 1 ? parsed.Ranges.First() : new(0, null);
        var (first, last) = (asked.From ?? Math.Max(0, length - asked.To!.Value), asked.From is null ? length - 1 : Math.Min(asked.To ?? long.MaxValue, length - 1));
        return first <= last || length == 0 ? (first, last) : null;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "A port for remote films was taken, another is tried: {Cause}")]
        public static partial void Taken(ILogger logger, string cause);

        [LoggerMessage(LogLevel.Debug, "A read of a remote film ended early: {Cause}")]
        public static partial void Broken(ILogger logger, string cause);
    }
}
