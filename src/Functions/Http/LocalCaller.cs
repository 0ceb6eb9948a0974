using Microsoft.AspNetCore.HttpOverrides;

namespace HlsCache.Functions.Http;

/// <summary>Who may call without a key: programs of this machine and the app's own pages.</summary>
internal static class LocalCaller
{
    /// <summary>Null for such a caller, else the refusal.</summary>
    public static IResult? Refusal(HttpRequest request) => !IsLoopback(request) ? Problems.ForeignHost() : !IsOwnPage(request) ? Problems.ForeignPage() : null;

    /// <summary>
    /// A page may reach this machine under a name of its own that its name server points here, and for the browser is then of one origin with the
    /// app. It may also send what a proxy sends, so a forwarded host does not make up for the host that was asked.
    /// </summary>
    private static bool IsLoopback(HttpRequest request) =>
        Loopback.IsName(request.Host.Host)
        && request.Headers[ForwardedHeadersDefaults.XOriginalHostHeaderName].All(host => Loopback.IsName(new HostString(host ?? "").Host));

    /// <summary>Another origin's page can have its browser send what it may not read the answer of: a play would be begun all the same.</summary>
    private static bool IsOwnPage(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].All(site => site is "same-origin" or "none")
        && request.Headers.Origin.All(origin => string.Equals(origin, PublicAddress.Of(request), StringComparison.OrdinalIgnoreCase));
}
