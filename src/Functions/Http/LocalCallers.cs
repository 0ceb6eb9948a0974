using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.HttpOverrides;

namespace HlsCache.Functions.Http;

/// <summary>Who may ask where no key is set: this machine's own programs and pages.</summary>
internal static class LocalCallers
{
    /// <summary>Why the request is not one of theirs; null when it is.</summary>
    /// <param name="setting">The setting of the key that would let others in.</param>
    public static ProblemHttpResult? Refusal(HttpRequest request, string setting) =>
        !IsLoopback(request) ? Problems.ForeignHost(setting) : !IsOwnPage(request) ? Problems.ForeignPage(setting) : null;

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
