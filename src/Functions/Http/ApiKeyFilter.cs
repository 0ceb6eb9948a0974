using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace HlsCache.Functions.Http;

/// <summary>Asks for the API key where no Functions host has asked for its own. Without any key, only this machine's own programs and pages may ask.</summary>
internal sealed class ApiKeyFilter(IOptions<HlsCacheOptions> options) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        !FunctionsHost.IsParent && Refusal(context.HttpContext.Request) is { } refusal ? ValueTask.FromResult<object?>(refusal) : next(context);

    private ProblemHttpResult? Refusal(HttpRequest request) => options.Value.ApiKey is not { Length: > 0 } key
        ? LocalCallers.Refusal(request, "HlsCache__ApiKey")
        : Keys.Has(request, "x-functions-key", "code", key) ? null : Problems.NoKey("A key is needed: send it as the header x-functions-key.");
}
