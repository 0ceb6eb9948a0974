using System.Net;

namespace HlsCache.Functions.Http;

/// <summary>Names of this machine that no name server can give to another, or another's to it.</summary>
internal static class Loopback
{
    public static bool IsName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
}
