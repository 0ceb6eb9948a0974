using Microsoft.Extensions.Options;

namespace HlsCache.Functions.Http;

/// <summary>Asks for the API key where no Functions host has asked for its own.</summary>
internal sealed class ApiKeyFilter(IOptions<HlsCacheOptions> options) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        FunctionsHost.IsParent || options.Value.ApiKey is not { Length: > 0 } key || Keys.Has(context.HttpContext.Request, "x-functions-key", "code", key)
            ? next(context)
            : ValueTask.FromResult<object?>(Problems.NoKey("A key is needed: send it as the header x-functions-key."));
}
