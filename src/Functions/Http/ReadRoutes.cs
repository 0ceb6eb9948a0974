namespace HlsCache.Functions.Http;

/// <summary>Routes that only tell. Players and proxies ask some of them with HEAD first; the server leaves the body out by itself.</summary>
internal static class ReadRoutes
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Maps GET and HEAD alike.</summary>
    public static RouteHandlerBuilder MapRead(this IEndpointRouteBuilder app, string pattern, Delegate handler) => app.MapMethods(pattern, Methods, handler);
}
