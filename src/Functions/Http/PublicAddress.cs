namespace HlsCache.Functions.Http;

/// <summary>Where the viewer reached the app, for absolute links.</summary>
internal static class PublicAddress
{
    private const string ForwardedScheme = "X-Forwarded-Proto";

    /// <summary>As in <c>https://app.example.net</c>; null when the request names no host that a link could lead to.</summary>
    public static string? Of(HttpRequest request) =>
        Uri.CheckHostName(request.Host.Host) != UriHostNameType.Unknown && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var address)
            ? $"{address.Scheme}://{request.Host}"
            : null;

    /// <summary>Forgets a forwarded scheme that is not one of the web's, before it is believed: a link of it could run as a script.</summary>
    public static Task CheckScheme(HttpContext context, RequestDelegate next)
    {
        // The last is what the proxy beside this process says, and the only one that is believed.
        if (context.Request.Headers.GetCommaSeparatedValues(ForwardedScheme) is [.., var scheme] && !IsWeb(scheme))
        {
            context.Request.Headers.Remove(ForwardedScheme);
        }

        return next(context);
    }

    private static bool IsWeb(string scheme) =>
        scheme.Equals(Uri.UriSchemeHttp, StringComparison.OrdinalIgnoreCase) || scheme.Equals(Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase);
}
