using OpenTelemetry.Instrumentation.AspNetCore;

namespace HlsCache.Functions.Http;

/// <summary>What is told of a request: its route. Its path and query hold tokens and keys.</summary>
internal static class RequestSpans
{
    public static void Configure(AspNetCoreTraceInstrumentationOptions options)
    {
        // The Functions host asks for it every few seconds.
        options.Filter = context => context.Request.Path != "/";
        options.EnrichWithHttpResponse = (span, response) =>
        {
            var route = (response.HttpContext.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
            span.SetTag("url.path", route).SetTag("url.query", null);
        };
    }
}
