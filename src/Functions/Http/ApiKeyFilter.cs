using HlsCache.Service;
using Microsoft.Extensions.Options;

namespace HlsCache.Functions.Http;

/// <summary>Asks for the function key where no Functions host has done so. Where none is set, only this machine's own callers are let in.</summary>
internal sealed class ApiKeyFilter(IOptions<HlsCacheOptions> options) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        !FunctionsHost.IsParent && Refusal(context.HttpContext.Request) is { } refusal ? ValueTask.FromResult<object?>(refusal) : next(context);

    private IResult? Refusal(HttpRequest request) => options.Value.ApiKey is not { Length: > 0 } key
        ? LocalCaller.Refusal(request)
        : Keys.Has(request, "x-functions-key", "code", key) ? null : Problems.NoKey("A key is needed: send it as the header x-functions-key.");
}
