namespace HlsCache.Functions.Http;

/// <summary>Where the viewer reached the app, for absolute links.</summary>
internal static class PublicAddress
{
    private const string ForwardedScheme = "X-Forwarded-Proto";
    private const string ForwardedHost = "X-Forwarded-Host";

    /// <summary>As in <c>https://app.example.net</c>; null when the request names no host that a link could lead to.</summary>
    public static string? Of(HttpRequest request) =>
        Uri.CheckHostName(request.Host.Host) != UriHostNameType.Unknown && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var address)
            ? $"{address.Scheme}://{request.Host}"
            : null;

    /// <summary>
    /// Forgets what must not be believed of what is forwarded: a scheme that is not one of the web's, of which a link could run as a script; and under a
    /// Functions host that left Host as it was, a host, which then only a client can have named.
    /// </summary>
    public static Task CheckForwarded(HttpContext context, RequestDelegate next)
    {
        var headers = context.Request.Headers;
        // The last is what the proxy beside this process says, and the only one that is believed.
        if (headers.GetCommaSeparatedValues(ForwardedScheme) is [.., var scheme] && !IsWeb(scheme))
        {
            headers.Remove(ForwardedScheme);
        }

        if (FunctionsHost.IsParent && !FunctionsHost.CallsByOwnAddress(context.Request))
        {
            headers.Remove(ForwardedHost);
        }

        return next(context);
    }

    private static bool IsWeb(string scheme) =>
        scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase) || scheme.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);
}
