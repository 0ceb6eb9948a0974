namespace HlsCache.Functions.Http;

/// <summary>Routes that only tell. Players and proxies ask some of them with HEAD first; the server leaves the body out by itself.</summary>
internal static class ReadRoutes
{
    /// <summary>GET and HEAD.</summary>
    public static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];
}
