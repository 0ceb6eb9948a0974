using Microsoft.Extensions.Options;

namespace HlsCache.Functions.Http;

/// <summary>Asks for the admin key, which no other key replaces. Where none is set, only this machine's own callers are let in.</summary>
internal sealed class AdminKeyFilter(IOptions<HlsCacheOptions> options, IConfiguration configuration) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var isOpen = options.Value.AdminKey is { Length: > 0 } key
            ? Keys.Has(context.HttpContext.Request, "x-admin-key", "adminKey", key)
            : !FunctionsHost.IsParent && FunctionsHost.IsLoopbackOnly(configuration);
        return isOpen
            ? next(context)
            : ValueTask.FromResult<object?>(Problems.NoKey("The admin key is needed: set it as HlsCache__AdminKey and send it as the header x-admin-key."));
    }
}
