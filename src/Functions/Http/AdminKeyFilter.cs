using HlsCache.Service;
using Microsoft.Extensions.Options;

namespace HlsCache.Functions.Http;

/// <summary>Asks for the admin key, which no other key replaces. Where none is set, only this machine's own callers are let in.</summary>
internal sealed class AdminKeyFilter(IOptions<HlsCacheOptions> options, IConfiguration configuration) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        Refusal(context.HttpContext.Request) is { } refusal ? ValueTask.FromResult<object?>(refusal) : next(context);

    private IResult? Refusal(HttpRequest request) => options.Value.AdminKey switch
    {
        { } key when Keys.IsUnresolved(key) => Problems.NoKey(
            "HlsCache__AdminKey refers to a Key Vault secret that could not be read: make the secret, give the app's identity the role Key Vault Secrets User, and restart the app."),
        { Length: > 0 } key when Keys.Has(request, "x-admin-key", "adminKey", key) => null,
        null or "" when !FunctionsHost.IsParent && FunctionsHost.IsLoopbackOnly(configuration) => LocalCaller.Refusal(request),
        _ => Problems.NoKey("The admin key is needed: set it as HlsCache__AdminKey and send it as the header x-admin-key."),
    };
}
