using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace HlsCache.Functions.Http;

/// <summary>Asks for the API key where no Functions host has asked for its own. Without any key, only this machine's own programs and pages may ask.</summary>
internal sealed class ApiKeyFilter(IOptions<HlsCacheOptions> options) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        !FunctionsHost.IsParent && Refusal(context.HttpContext.Request) is { } refusal ? ValueTask.FromResult<object?>(refusal) : next(context);

    private ProblemHttpResult? Refusal(HttpRequest request)
    {
        if (options.Value.ApiKey is { Length: > 0 } key)
        {
            var given = request.Headers["x-functions-key"].FirstOrDefault() ?? request.Query["code"].FirstOrDefault();
            return Same(given, key) ? null : Problems.NoKey();
        }

        return !IsLoopback(request) ? Problems.ForeignHost() : !IsOwnPage(request) ? Problems.ForeignPage() : null;
    }

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

    private static bool Same(string? given, string key) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given ?? "")), SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
